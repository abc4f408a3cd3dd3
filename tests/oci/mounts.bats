#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

# mount_options PATH: how the container sees the mount on PATH.
mount_line() { echo "awk '\$5 == \"$1\"' /proc/self/mountinfo | tail -n 1"; }

@test "mounts are made in the order of the list" {
  mkdir "$WORK/one" "$WORK/two"; touch "$WORK/one/file" "$WORK/two/file2"
  add_mount /mnt tmpfs tmpfs
  add_mount /mnt/below bind "$WORK/one" bind
  add_mount /mnt/below/two bind "$WORK/two" bind
  mkdir "$WORK/one/two"
  run -0 in_box 'ls /mnt/below /mnt/below/two'
  contains "$output" file2
}

@test "mountinfo has the mounts in the order of the list, binds too" {
  mkdir "$WORK/one" "$WORK/two"
  add_mount /mnt tmpfs tmpfs rw
  add_mount /mnt/one bind "$WORK/one" bind
  add_mount /mnt/last tmpfs tmpfs rw
  add_mount /mnt/two bind "$WORK/two" rbind
  run -0 in_box 'grep -o " /mnt[^ ]* " /proc/self/mountinfo'
  same "$output" $' /mnt \n /mnt/one \n /mnt/last \n /mnt/two '
}

@test "a bind mount of the whole machine does not have the container's mounts in it" {
  only_caisson "others copy it when they are there"
  add_mount /mnt bind / rbind rslave
  run -0 in_box "grep -c ' /mnt$PWD/rootfs/' /proc/self/mountinfo || true"
  same "$output" 0
}

@test "a bind mount shows a directory of the host, writable" {
  mkdir "$WORK/shared"
  add_mount /mnt bind "$WORK/shared" bind
  in_box 'echo written >/mnt/file'
  same "$(cat "$WORK/shared/file")" written
}

@test "a bind mount of a file works and its mount point is made as a file" {
  echo content >"$WORK/file"
  add_mount /etc/made/by/runtime bind "$WORK/file" bind ro
  run -0 in_box 'cat /etc/made/by/runtime; echo x >/etc/made/by/runtime || echo readonly'
  contains "$output" content
  contains "$output" readonly
}

@test "the source of a bind mount may be relative to the bundle" {
  mkdir data; echo here >data/file
  add_mount /mnt bind data bind
  run -0 in_box 'cat /mnt/file'
  same "$output" here
}

@test "a missing mount point is made as a directory" {
  add_mount /a/new/dir tmpfs tmpfs
  run -0 in_box "$(mount_line /a/new/dir); stat -c %a /a/new"
  contains "$output" "/a/new/dir"
  contains "$output" 755
}

@test "a bind mount is read-only when ro is asked" {
  mkdir "$WORK/shared"
  add_mount /mnt bind "$WORK/shared" bind ro
  run -0 in_box 'touch /mnt/x || echo refused'
  contains "$output" refused
  [ ! -e "$WORK/shared/x" ]
}

@test "rbind with rro is read-only below too" {
  mkdir -p "$WORK/shared/sub"
  mount -t tmpfs tmpfs "$WORK/shared/sub"
  add_mount /mnt bind "$WORK/shared" rbind rro
  run -0 in_box 'touch /mnt/sub/x || echo refused'
  contains "$output" refused
}

@test "rbind with ro leaves mounts below as they are" {
  mkdir -p "$WORK/shared/sub"
  mount -t tmpfs tmpfs "$WORK/shared/sub"
  add_mount /mnt bind "$WORK/shared" rbind ro
  run -0 in_box 'touch /mnt/sub/x && echo written; touch /mnt/y || echo refused'
  contains "$output" written
  contains "$output" refused
}

@test "flags of a mount are set: nosuid nodev noexec noatime" {
  mkdir "$WORK/shared"
  add_mount /mnt bind "$WORK/shared" bind nosuid nodev noexec noatime
  run -0 in_box "$(mount_line /mnt)"
  for flag in nosuid nodev noexec noatime; do contains "$output" "$flag"; done
}

@test "a later option wins over an earlier one" {
  mkdir "$WORK/shared"
  add_mount /mnt bind "$WORK/shared" bind ro rw noexec exec
  run -0 in_box "touch /mnt/x; $(mount_line /mnt)"
  [ -e "$WORK/shared/x" ]
  lacks "$output" noexec
}

@test "tmpfs takes size and mode" {
  unless_runc "1.1 gives the mode of the directory below"
  add_mount /mnt tmpfs tmpfs size=64k mode=1700
  run -0 in_box 'stat -c %a /mnt; df -k /mnt | tail -n 1'
  same "${lines[0]}" 1700
  contains "${lines[1]}" 64
}

@test "tmpfs over an existing directory keeps its mode" {
  mkdir rootfs/special; chmod 0711 rootfs/special
  add_mount /special tmpfs tmpfs
  run -0 in_box 'stat -c %a /special'
  same "$output" 711
}

@test "a read-only tmpfs is read-only" {
  add_mount /mnt tmpfs tmpfs ro
  run -0 in_box 'touch /mnt/x || echo refused'
  contains "$output" refused
}

@test "tmpcopyup copies what the tmpfs covers" {
  mkdir -p rootfs/filled/sub; echo text >rootfs/filled/file; ln -s file rootfs/filled/link; chmod 0640 rootfs/filled/file
  add_mount /filled tmpfs tmpfs tmpcopyup
  run -0 in_box 'cat /filled/file; stat -c %a /filled/file; readlink /filled/link; ls -d /filled/sub; echo new >/filled/file'
  same "$output" $'text\n640\nfile\n/filled/sub'
  same "$(cat rootfs/filled/file)" text
}

@test "an unknown option is data for the file system and its error says so" {
  add_mount /mnt tmpfs tmpfs no-such-option=1
  refused create "$ID"
  contains "$output" /mnt
}

@test "a bind mount with data of a file system is made without it, a mistyped flag is refused" {
  mkdir "$WORK/shared"
  add_mount /mnt bind "$WORK/shared" bind mode=755 size=1k
  run -0 in_box 'grep -c " /mnt " /proc/self/mountinfo'
  same "${lines[-1]}" 1
  only_caisson "others ignore both without a word"
  contains "$output" "mounts[$(jq '.mounts | length - 1' config.json)]: ignoring what a bind mount has no use for: mode=755, size=1k"
  config '.mounts[-1].options = ["bind", "noexc"]'
  refused create "$ID"
  contains "$output" 'bind mounts take no filesystem options: "noexc"'
}

@test "a bind source that does not exist is an error that names it" {
  add_mount /mnt bind /no/such/source bind
  refused create "$ID"
  contains "$output" /no/such/source
}

@test "a file cannot be mounted over a directory and the error names both" {
  touch "$WORK/file"
  add_mount /mnt bind "$WORK/file" bind
  refused create "$ID"
  contains "$output" /mnt
}

@test "mount propagation options apply: shared, slave, private, unbindable" {
  mkdir "$WORK/a" "$WORK/b" "$WORK/c"
  mkdir rootfs/s rootfs/p rootfs/u
  add_mount /s bind "$WORK/a" bind shared
  add_mount /p bind "$WORK/b" bind private
  add_mount /u bind "$WORK/c" bind unbindable
  run -0 in_box "$(mount_line /s); $(mount_line /p); $(mount_line /u)"
  contains "${lines[0]}" shared:
  lacks "${lines[1]}" shared:
  contains "${lines[2]}" unbindable
}

@test "a mount over /proc that is not procfs is refused" {
  config '.mounts |= map(select(.destination != "/proc"))'
  add_mount /proc tmpfs tmpfs
  refused create "$ID"
  contains "$output" /proc
}

@test "a mount below /proc is refused but for the list of lxcfs" {
  mkdir "$WORK/d"; echo "fake uptime" >"$WORK/uptime"
  add_mount /proc/sys/kernel bind "$WORK/d" bind
  refused create "$ID"
  contains "$output" "/proc/sys/kernel"
  cp "$SUITE_LIB/base_config.json" config.json
  add_mount /proc/uptime bind "$WORK/uptime" bind
  run -0 in_box 'cat /proc/uptime'
  same "$output" "fake uptime"
}

@test "a destination through a symbolic link stays in the root" {
  mkdir "$WORK/outside" "$WORK/shared"
  ln -s "$WORK/outside" rootfs/link
  touch "$WORK/shared/seen"
  add_mount /link/below bind "$WORK/shared" bind
  run -0 in_box "ls /link/below"
  same "$output" seen
  same "$(ls -A "$WORK/outside")" ""
}

@test "mounts of the container never show on the host" {
  add_mount /mnt tmpfs tmpfs
  start_sleeper
  run ! grep -F "$BUNDLE" /proc/self/mountinfo
}

@test "a cgroup mount is read-only and shows the container's own group" {
  run -0 in_box 'mkdir /sys/fs/cgroup/x 2>/dev/null || echo refused; for d in /sys/fs/cgroup/pids /sys/fs/cgroup; do [ -e $d/cgroup.procs ] && grep -c . $d/cgroup.procs && break; done'
  contains "$output" refused
  matches "$output" $'refused\n[1-9]'
}

@test "mqueue, shm and devpts are mounted as asked" {
  run -0 in_box 'mkdir /dev/mqueue/x 2>/dev/null; stat -f -c %T /dev/mqueue /dev/shm /dev/pts; stat -c %a /dev/shm; '"$(mount_line /dev/pts)"
  contains "$output" ptmxmode=666
  contains "$output" gid=5
  contains "$output" 1777
}

@test "iversion, lazytime, silent and their opposites are known options" {
  unless_runc "1.1 knows only some of them"
  add_mount /mnt tmpfs tmpfs nolazytime loud noiversion symfollow
  run -0 in_box 'echo fine'
  same "$output" fine
}

@test "nosymfollow is set" {
  unless_runc "1.1 does not know it"
  add_mount /mnt tmpfs tmpfs nosymfollow
  run -0 in_box 'ln -s /etc/passwd /mnt/l; cat /mnt/l >/dev/null 2>&1 || echo refused'
  contains "$output" refused
}

# A directory with a file of each owner, and what `stat` says of them inside the container at /mnt.
owned_source() {
  need_root
  [ "$(stat -f -c %T "$WORK")" != overlayfs ] || skip "overlayfs takes no id mapping"
  mkdir -m 0777 "$WORK/source"
  touch "$WORK/source"/{0,500,7000}
  chown 500:600 "$WORK/source/500"
  chown 7000:7000 "$WORK/source/7000"
  payload 'cd /mnt; stat -c %u:%g 0 500 7000; touch made'
}

@test "a bind mount with uidMappings and gidMappings shows owners mapped, both ways" {
  only_caisson "1.1 does not know them"
  owned_source
  config --arg s "$WORK/source" '.mounts += [{destination: "/mnt", type: "bind", source: $s, options: ["bind"],
    uidMappings: [{containerID: 0, hostID: 3000, size: 1000}, {containerID: 7000, hostID: 0, size: 1}],
    gidMappings: [{containerID: 0, hostID: 4000, size: 1000}, {containerID: 7000, hostID: 0, size: 1}]}]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'3000:4000\n3500:4600\n0:0'
  same "$(stat -c %u:%g "$WORK/source/made")" 7000:7000
  same "$(stat -c %u:%g "$WORK/source/500")" 500:600
}

@test "idmap maps a bind mount as the container's user namespace does, ridmap what is mounted below too" {
  only_caisson "1.1 does not know it"
  owned_source
  user_namespace 100000 2000
  mkdir "$WORK/source/below"
  mount -t tmpfs -o mode=0755 none "$WORK/source/below"
  later umount -l "$WORK/source/below"
  touch "$WORK/source/below/x"
  payload 'cd /mnt; stat -c %u:%g 0 500 7000 below/x'
  config --arg s "$WORK/source" '.mounts += [{destination: "/mnt", type: "bind", source: $s, options: ["rbind", "idmap"]}]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'0:0\n500:600\n65534:65534\n65534:65534'
  config '.mounts[-1].options = ["rbind", "ridmap"]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'0:0\n500:600\n65534:65534\n0:0'
}

@test "an id mapping that is not possible is refused, and leaves nothing" {
  only_caisson "messages"
  remember_host
  config '.mounts += [{destination: "/mnt", type: "bind", source: "/proc", options: ["bind"],
    uidMappings: [{containerID: 0, hostID: 3000, size: 1}], gidMappings: [{containerID: 0, hostID: 3000, size: 1}]}]'
  refused run "$ID"
  contains "$output" "set the id mapping of bind of /proc on /mnt"
  contains "$output" "does not support id-mapped mounts"
  config '.mounts[-1] |= (del(.uidMappings, .gidMappings) | .options += ["idmap"])'
  refused run "$ID"
  contains "$output" "user namespace"
  no_residue
}
