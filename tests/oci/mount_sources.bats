#!/usr/bin/env bats
# Sources of bind mounts that lie below the container's root: they show what earlier mounts of the list put there.
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

# bind_from_root DEST PATH [OPTION...]: of a path of the container, written as the path of the host.
bind_from_root() {
  local destination=$1 path=$2; shift 2
  add_mount "$destination" bind "$BUNDLE/rootfs$path" "${@:-bind}"
}

# Two directories of the host, one mounted at /mnt, the other below it.
two_mounts() {
  mkdir -p "$WORK/one/below" "$WORK/two"
  echo one >"$WORK/one/file"
  echo two >"$WORK/two/file"
  add_mount /mnt bind "$WORK/one" bind
  add_mount /mnt/below bind "$WORK/two" bind
}

@test "a source below the root shows what an earlier mount put there" {
  two_mounts
  bind_from_root /final /mnt/below
  run -0 in_box 'cat /final/file'
  same "$output" two
}

@test "a source below the root shows what an earlier mount put there, in a user namespace" {
  unless_runc "1.1 opens the sources of a user namespace before any mount"
  user_namespace
  two_mounts
  bind_from_root /final /mnt/below
  run -0 in_box 'cat /final/file'
  same "$output" two
}

@test "a relative source that leads below the root does so too, and as a file" {
  two_mounts
  add_mount /final bind rootfs/./mnt/below bind
  add_mount /name bind ../bundle/rootfs/mnt/file bind ro
  run -0 in_box 'cat /final/file /name; echo x >/name || echo refused'
  same "${lines[0]}" two
  same "${lines[1]}" one
  contains "$output" refused
}

# Without a user namespace and with one, whose mounts the kernel locks together.
recursive_and_not() {
  mkdir "$WORK/one/below/in_one"
  bind_from_root /all /mnt rbind
  bind_from_root /top /mnt bind
  run -0 in_box 'cat /all/file /all/below/file /top/file; ls /top/below'
  same "$output" $'one\ntwo\none\nin_one'
}

@test "rbind of a source below the root takes what is mounted below it, bind does not" {
  two_mounts
  recursive_and_not
}

@test "rbind of a source below the root takes what is mounted below it, bind does not, in a user namespace" {
  unless_runc "1.1 opens the sources of a user namespace before any mount"
  user_namespace
  two_mounts
  recursive_and_not
}

@test "a tree of mounts can be mounted into itself" {
  two_mounts
  mkdir "$WORK/two/again"
  bind_from_root /mnt/below/again /mnt rbind
  run -0 in_box 'cat /mnt/below/again/below/file; ls -A /mnt/below/again/below/again'
  same "$output" two
}

@test "a source below the root is what it is when its turn comes, not later" {
  mkdir "$WORK/one"
  echo one >"$WORK/one/file"
  echo image >rootfs/mnt/file
  bind_from_root /before /mnt
  add_mount /mnt bind "$WORK/one" bind
  bind_from_root /after /mnt
  run -0 in_box 'cat /before/file /after/file'
  same "$output" $'image\none'
}

# link_to_etc: what the container shows for a source that a link of the image leads to /etc.
link_to_etc() {
  echo "of the container" >rootfs/etc/whose
  ln -s /etc rootfs/absolute
  ln -s ../../../../../../../../../../etc rootfs/relative
  bind_from_root /final /absolute
  bind_from_root /other /relative/whose
  run -0 in_box 'cat /final/whose /other; ls /final'
  same "${lines[0]}" "of the container"
  same "${lines[1]}" "of the container"
  lacks "$output" hostname
}

@test "a link of the image below the root leads to the container's /etc, not to the host's" {
  unless_runc "1.1 follows it to the host's"
  link_to_etc
}

@test "a link of the image below the root leads to the container's /etc, not to the host's, in a user namespace" {
  unless_runc "1.1 follows it to the host's"
  user_namespace
  link_to_etc
}

@test "a link of the image to what only the host has is an error that names the source" {
  unless_runc "1.1 follows it to the host's"
  remember_host
  ln -s "$WORK" rootfs/link
  bind_from_root /final /link
  refused create "$ID"
  contains "$output" "open source /link inside the root"
  contains "$output" "No such file"
  no_residue
}

@test "a link of the image cannot show the container's procfs, sysfs or root elsewhere" {
  unless_runc "1.1 follows it on the host"
  ln -s /proc/sys rootfs/sysctls
  ln -s /sys/kernel rootfs/kernel
  ln -s /mnt/.. rootfs/everything
  for link in /sysctls /kernel /everything; do
    cp "$SUITE_LIB/base_config.json" config.json
    bind_from_root /final "$link" rbind
    refused create "$ID"
    contains "$output" "source $link leads "
  done
}

@test "a path that only begins like the root is one of the host" {
  mkdir rootfs2
  echo host >rootfs2/file
  add_mount /mnt bind "$BUNDLE/rootfs2" bind
  add_mount /other bind rootfs/../rootfs2 bind
  run -0 in_box 'cat /mnt/file /other/file'
  same "$output" $'host\nhost'
}

# owned_below: /mnt/below is a directory of the host that belongs to root; the program tells whose it is at /final.
owned_below() {
  [ "$(stat -f -c %T "$WORK")" != overlayfs ] || skip "overlayfs takes no id mapping"
  mkdir -m 0777 "$WORK/source" "$WORK/source/below"
  touch "$WORK/source/below/root"
  add_mount /mnt bind "$WORK/source" bind
  payload 'stat -c %u:%g /final/root'
}

@test "the ids of a source below the root are mapped by the mappings of the mount" {
  only_caisson "1.1 does not know them"
  owned_below
  config --arg s "$BUNDLE/rootfs/mnt/below" '.mounts += [{destination: "/final", type: "bind", source: $s, options: ["bind"],
    uidMappings: [{containerID: 0, hostID: 3000, size: 1000}], gidMappings: [{containerID: 0, hostID: 4000, size: 1000}]}]'
  run -0 runtime run "$ID" </dev/null
  same "$output" 3000:4000
}

@test "the ids of a source below the root are mapped in a user namespace, with hooks too" {
  only_caisson "1.1 does not know it"
  user_namespace 100000 2000
  owned_below
  bind_from_root /final /mnt/below bind idmap
  bind_from_root /plain /mnt/below bind
  bind_from_root /last /mnt/below rbind ridmap
  payload 'stat -c %u:%g /final/root /plain/root /last/root'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'0:0\n65534:65534\n0:0'
  config '.hooks.createRuntime = [{path: "/bin/true"}]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'0:0\n65534:65534\n0:0'
}

@test "ids of a source below the root that cannot be mapped are an error that names the mount, and leave nothing" {
  only_caisson "messages"
  remember_host
  config --arg s "$BUNDLE/rootfs/proc" '.mounts += [{destination: "/final", type: "bind", source: $s, options: ["bind"],
    uidMappings: [{containerID: 0, hostID: 3000, size: 1}], gidMappings: [{containerID: 0, hostID: 3000, size: 1}]}]'
  refused run "$ID"
  contains "$output" "set the id mapping of bind of /proc inside the root on /final"
  no_residue
}

@test "plan says which sources are taken from the root" {
  only_caisson "no peer has it"
  two_mounts
  bind_from_root /final /mnt/below rbind
  run -0 runtime plan
  contains "$output" "bind of $WORK/one on /mnt"
  contains "$output" "rbind of /mnt/below inside the root on /final"
}
