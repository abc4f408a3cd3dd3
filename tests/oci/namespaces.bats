#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

kinds() { for kind in pid net ipc uts mnt cgroup user time; do [ ! -e "/proc/self/ns/$kind" ] || echo "$kind"; done; }

@test "every namespace that the configuration asks for is new" {
  start_sleeper
  pid=$(pid_of)
  for kind in pid net ipc uts mnt cgroup; do [ "$(ns_of "$kind" "$pid")" != "$(ns_of "$kind")" ]; done
  same "$(ns_of user "$pid")" "$(ns_of user)"
}

@test "a namespace kind that is not in the list is inherited" {
  for kind in network:net ipc:ipc uts:uts pid:pid cgroup:cgroup; do
    cp "$SUITE_LIB/base_config.json" config.json
    without_namespace "${kind%:*}"
    [ "$kind" != uts:uts ] || config 'del(.hostname)'
    [ "$kind" != pid:pid ] || config 'del(.linux.readonlyPaths, .linux.maskedPaths)'
    start_sleeper
    same "$(ns_of "${kind#*:}" "$(pid_of)")" "$(ns_of "${kind#*:}")"
    runtime delete --force "$ID"
  done
}

@test "a namespace is joined by path: network, ipc, uts, pid" {
  start_sleeper "$ID-holder"
  holder=$(pid_of "$ID-holder")
  for kind in network:net ipc:ipc uts:uts pid:pid; do
    cp "$SUITE_LIB/base_config.json" config.json
    with_namespace "${kind%:*}" "/proc/$holder/ns/${kind#*:}"
    [ "$kind" != uts:uts ] || config 'del(.hostname)'
    start_sleeper
    same "$(ns_of "${kind#*:}" "$(pid_of)")" "$(ns_of "${kind#*:}" "$holder")"
    runtime delete --force "$ID"
  done
}

@test "a user namespace is joined by path, with the others it owns" {
  unless_runc "1.1 wants mappings even with a path"
  user_namespace
  start_sleeper "$ID-holder"
  holder=$(pid_of "$ID-holder")
  config 'del(.linux.uidMappings, .linux.gidMappings)'
  with_namespace user "/proc/$holder/ns/user"
  with_namespace network "/proc/$holder/ns/net"
  start_sleeper
  for kind in user net; do same "$(ns_of "$kind" "$(pid_of)")" "$(ns_of "$kind" "$holder")"; done
}

@test "a user namespace by path with equal mappings, as containerd writes it, is accepted" {
  unless_runc "1.1 refuses mappings together with a path"
  user_namespace
  start_sleeper "$ID-holder"
  with_namespace user "/proc/$(pid_of "$ID-holder")/ns/user"
  start_sleeper
  same "$(status_of)" running
}

@test "a mount namespace is joined by path" {
  unless_runc "1.1 cannot build a root in a joined mount namespace of another root"
  unshare -m --propagation private sleep 1000 3>&- >/dev/null 2>&1 & holder=$!
  later kill -KILL "$holder"
  wait_for 5 grep -qx sleep "/proc/$holder/comm" # by then its namespace is made, and private
  [ "$(ns_of mnt "$holder")" != "$(ns_of mnt)" ]
  with_namespace mount "/proc/$holder/ns/mnt"
  start_sleeper
  same "$(ns_of mnt "$(pid_of)")" "$(ns_of mnt "$holder")"
}

@test "a time namespace is joined by path" {
  unless_runc "1.1 knows no time namespaces"
  need_file /proc/self/ns/time
  with_namespace time
  config '.linux.timeOffsets = {"boottime": {"secs": 5000}}'
  start_sleeper "$ID-holder"
  config 'del(.linux.timeOffsets)'
  with_namespace time "/proc/$(pid_of "$ID-holder")/ns/time"
  start_sleeper
  same "$(ns_of time "$(pid_of)")" "$(ns_of time "$(pid_of "$ID-holder")")"
}

@test "a path of the wrong kind of namespace is refused" {
  unless_runc "1.1 shows only the kernel's error"
  with_namespace network /proc/self/ns/uts
  refused create "$ID"
  contains "$output" "/proc/self/ns/uts"
}

@test "a namespace path that does not exist is refused and named" {
  with_namespace network /no/such/namespace
  refused create "$ID"
  contains "$output" "/no/such/namespace"
}

@test "a namespace kind that is listed twice is refused" {
  config '.linux.namespaces += [{type: "uts"}]'
  refused create "$ID"
  contains "$output" uts
}

@test "an unknown namespace kind is refused and named" {
  config '.linux.namespaces += [{type: "nonsense"}]'
  refused create "$ID"
  contains "$output" nonsense
}

@test "a new network namespace has only lo and it is up" {
  run -0 in_box 'ls /sys/class/net; cat /sys/class/net/lo/flags; ping -c 1 -W 1 127.0.0.1 >/dev/null 2>&1; ip -o addr show lo'
  same "${lines[0]}" lo
  (( ${lines[1]} & 1 ))
  contains "$output" 127.0.0.1
}

@test "a new ipc namespace has no queues of the host" {
  queue=$(ipcmk -Q | grep -o '[0-9]*$')
  later ipcrm -q "$queue"
  run -0 in_box 'wc -l </proc/sysvipc/msg'
  same "$output" 1
}

@test "the hostname is the container's own and the host keeps its name" {
  before=$(hostname)
  config '.hostname = "inside-name"'
  run -0 in_box 'hostname'
  same "$output" inside-name
  same "$(hostname)" "$before"
}

@test "the domain name is the container's own" {
  unless_runc "1.1 does not know domainname"
  config '.domainname = "inside.example"'
  run -0 in_box 'cat /proc/sys/kernel/domainname'
  same "$output" inside.example
}

@test "a hostname without a uts namespace is refused" {
  without_namespace uts
  refused create "$ID"
  matches "$output" 'hostname|uts'
}

@test "time offsets move the clocks of the container and not the host's" {
  unless_runc "1.1 knows no time namespaces"
  need_file /proc/self/ns/time
  with_namespace time
  config '.linux.timeOffsets = {"boottime": {"secs": 1000000}, "monotonic": {"secs": 2000000, "nanosecs": 500}}'
  run -0 in_box 'cut -d. -f1 /proc/uptime; cat /proc/self/timens_offsets'
  host=$(cut -d. -f1 /proc/uptime)
  (( ${lines[0]} - host >= 999990 && ${lines[0]} - host <= 1000010 ))
  matches "$output" 'monotonic +2000000 +500'
  matches "$output" 'boottime +1000000 +0'
}

@test "time offsets without a time namespace are refused" {
  unless_runc "1.1 knows no time namespaces"
  config '.linux.timeOffsets = {"boottime": {"secs": 10}}'
  refused create "$ID"
  contains "$output" timeOffsets
}

@test "time offsets for an unknown clock are refused" {
  unless_runc "1.1 knows no time namespaces"
  with_namespace time
  config '.linux.timeOffsets = {"realtime": {"secs": 10}}'
  refused create "$ID"
  contains "$output" realtime
}

@test "a container with all eight namespaces runs" {
  unless_runc "1.1 knows no time namespaces"
  user_namespace
  with_namespace time
  payload 'readlink /proc/self/ns/* | sort -u; cat /proc/self/uid_map'
  chmod 0755 "$WORK"
  run -0 runtime run "$ID" </dev/null
  for kind in $(kinds); do lacks "$output" "$(ns_of "$kind")"; done
  matches "$output" '0 +100000 +65536'
}
