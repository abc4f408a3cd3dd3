#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

@test "a user namespace maps the ids of the configuration" {
  user_namespace 200000 1000
  run -0 in_box 'cat /proc/self/uid_map /proc/self/gid_map; id -u; id -g'
  matches "${lines[0]}" '^ +0 +200000 +1000$'
  matches "${lines[1]}" '^ +0 +200000 +1000$'
  same "${lines[2]}" 0
}

@test "a container with a user namespace runs where all mounts of the host are shared, as systemd makes them" {
  user_namespace
  payload 'echo fine'
  run -0 unshare --mount --propagation shared "$RUNTIME" --root "$STATE" run "$ID" 3>&- </dev/null
  same "$output" fine
}

@test "several mappings are written in order" {
  user_namespace
  config '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}, {containerID: 10, hostID: 300000, size: 20}]'
  run -0 in_box 'cat /proc/self/uid_map'
  matches "${lines[0]}" '^ +0 +100000 +10$'
  matches "${lines[1]}" '^ +10 +300000 +20$'
}

@test "files that the container makes belong to the mapped user on the host" {
  user_namespace
  in_box 'touch /made; mkdir /home/made'
  same "$(stat -c %u:%g rootfs/made)" 100000:100000
}

@test "the process is the mapped user on the host" {
  user_namespace
  config '.process.user = {uid: 7, gid: 8, additionalGids: [9, 10]}'
  chmod 0755 rootfs
  start_sleeper
  same "$(awk '/^Uid:/ {print $2, $3, $4}' "/proc/$(pid_of)/status")" "100007 100007 100007"
  same "$(awk '/^Gid:/ {print $2, $3, $4}' "/proc/$(pid_of)/status")" "100008 100008 100008"
  same "$(awk '/^Groups:/ {print $2, $3}' "/proc/$(pid_of)/status")" "100009 100010"
}

@test "the other namespaces belong to the new user namespace" {
  user_namespace
  all_capabilities
  run -0 in_box 'hostname changed && hostname; mount -t tmpfs tmpfs /mnt && echo mounted'
  same "$output" $'changed\nmounted'
}

@test "/dev of a user namespace has the usual devices and they work" {
  user_namespace
  run -0 in_box 'echo x >/dev/null && head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; stat -c "%t:%T" /dev/null /dev/tty; ls /dev/pts/ptmx'
  same "$output" $'4\n4\n1:3\n5:0\n/dev/pts/ptmx'
}

@test "a user id that is not mapped is refused" {
  user_namespace 100000 1000
  config '.process.user.uid = 5000'
  refused create "$ID"
}

@test "a user namespace without mappings is refused" {
  with_namespace user
  refused create "$ID"
  contains "$output" "appings"
}

@test "mappings without a user namespace are refused" {
  unless_runc "1.1 ignores them"
  config '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}]'
  refused create "$ID"
}

@test "masked and readonly paths hold in a user namespace" {
  user_namespace
  run -0 in_box 'cat /proc/keys | wc -c; ls /sys/firmware | wc -l; echo 1 >/proc/sys/kernel/domainname || echo refused'
  same "${lines[0]}" 0
  same "${lines[1]}" 0
  contains "$output" refused
}

@test "exec enters the user namespace as the mapped root" {
  user_namespace
  start_sleeper
  run -0 in_sleeper sh -c 'id -u; cat /proc/self/uid_map'
  same "${lines[0]}" 0
  matches "${lines[1]}" '^ +0 +100000 +65536$'
}

@test "the terminal of a container with a user namespace belongs to its user" {
  user_namespace
  config '.process.terminal = true'
  payload 'tty; stat -c %u /dev/pts/0; echo done'
  run -0 "$SUITE_LIB/pty_session.py" -- "$RUNTIME" --root "$STATE" run "$ID" 3>&-
  contains "$output" /dev/pts/0
  contains "$output" done
}

# network_of_the_machine: at $WORK/net a network namespace that no user namespace of a container owns.
network_of_the_machine() {
  touch "$WORK/net"
  unshare --net mount --bind /proc/self/ns/net "$WORK/net"
  later umount "$WORK/net"
  config --arg path "$WORK/net" '.linux.namespaces |= map(if .type == "network" then .path = $path else . end)
    | .mounts |= map(select(.type != "sysfs"))'
}

@test "a new user namespace and a network namespace of the machine's go together" {
  user_namespace
  network_of_the_machine
  run -0 in_box 'readlink /proc/self/ns/net; id -u'
  same "$output" "net:[$(stat -L -c %i "$WORK/net")]"$'\n'0
}

@test "a user namespace that is joined and a network namespace that it does not own go together" {
  unless_runc "1.1 cannot"
  user_namespace
  chmod 0755 rootfs
  start_sleeper
  touch "$WORK/user"
  mount --bind "/proc/$(pid_of)/ns/user" "$WORK/user"
  later umount "$WORK/user"
  owner=$(readlink "/proc/$(pid_of)/ns/user")
  runtime delete --force "$ID"
  network_of_the_machine
  config --arg path "$WORK/user" '.linux.namespaces |= map(if .type == "user" then .path = $path else . end)
    | del(.linux.uidMappings, .linux.gidMappings)'
  start_sleeper
  same "$(readlink "/proc/$(pid_of)/ns/user")" "$owner"
  run -0 in_sleeper readlink /proc/self/ns/net
  same "$output" "net:[$(stat -L -c %i "$WORK/net")]"
}
