#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

# cgroup_dirs NAME: the directories of that path in every mounted hierarchy.
cgroup_dirs() { find /sys/fs/cgroup -type d -path "*/$1" 2>/dev/null | sort; }
in_every_hierarchy() { awk -F: '{print $3}' "/proc/$1/cgroup" | sort -u; }

# own_paths PID: the paths of a process in the hierarchies that are mounted here and in which a container has a place of its own.
own_paths() {
  local number controllers path
  while IFS=: read -r number controllers path; do
    case $controllers in pids | memory | freezer | devices | "") ;; *) continue ;; esac
    is_mounted "$controllers" && echo "$path"
  done <"/proc/$1/cgroup"
}

# is_mounted CONTROLLER: is its version 1 hierarchy mounted; without a name: is version 2.
is_mounted() {
  awk -v wanted="$1" '
    { split($0, half, " - "); split(half[2], of, " "); n = split(of[3], options, ",") }
    of[1] == "cgroup2" && wanted == "" { found = 1 }
    of[1] == "cgroup" && wanted != "" { for (i = 1; i <= n; i++) if (options[i] == wanted) found = 1 }
    END { exit !found }' /proc/self/mountinfo
}

@test "a container has a cgroup of its own in every hierarchy" {
  start_sleeper
  paths=$(own_paths "$(pid_of)")
  [ -n "$paths" ]
  while read -r path; do contains "$path" "$ID"; done <<<"$paths"
}

@test "cgroupsPath, absolute, is where the container is" {
  config --arg p "/$ID-parent/inner" '.linux.cgroupsPath = $p'
  later sh -c "find /sys/fs/cgroup -depth -type d -path '*$ID-parent*' -exec rmdir {} +"
  start_sleeper
  contains "$(cat "/proc/$(pid_of)/cgroup")" "/$ID-parent/inner"
}

@test "the cgroup is there from create on and gone after delete" {
  config --arg p "/$ID-own" '.linux.cgroupsPath = $p'
  detached create "$ID"
  contains "$(in_every_hierarchy "$(pid_of)")" "$ID-own"
  runtime delete --force "$ID"
  same "$(cgroup_dirs "$ID-own")" ""
}

@test "a cgroup of the container's name that somebody uses is refused" {
  config --arg p "/$ID-own" '.linux.cgroupsPath = $p'
  top=$(for d in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do [ -e $d/cgroup.procs ] && echo $d && break; done)
  mkdir "$top/$ID-own"
  sleep 1000 3>&- & holder=$!
  later rmdir "$top/$ID-own"
  later kill -KILL "$holder"
  echo "$holder" >"$top/$ID-own/cgroup.procs"
  unless_runc "1.1 looks at other hierarchies"
  refused create "$ID"
  contains "$output" "not empty"
  kill -0 "$holder"
}

@test "inside a cgroup namespace the container's group is the root" {
  run -0 in_box 'cut -d: -f3 /proc/self/cgroup | sort -u'
  same "$output" /
}

@test "without a cgroup namespace the container sees its real path" {
  without_namespace cgroup
  run -0 in_box 'cat /proc/self/cgroup'
  contains "$output" "$ID"
}

@test "delete leaves a parent cgroup that was there before" {
  top=$(for d in /sys/fs/cgroup/pids /sys/fs/cgroup/unified /sys/fs/cgroup; do [ -e $d/cgroup.procs ] && echo $d && break; done)
  mkdir "$top/$ID-parent"
  later rmdir "$top/$ID-parent"
  config --arg p "/$ID-parent/inner" '.linux.cgroupsPath = $p'
  later sh -c "find /sys/fs/cgroup -depth -type d -path '*$ID-parent*' -exec rmdir {} +"
  in_box true
  [ -d "$top/$ID-parent" ]
  [ ! -d "$top/$ID-parent/inner" ]
}

@test "--cgroup-manager disabled makes no cgroup" {
  unless_runc "1.1 has no such option"
  payload 'exec sleep 1000'
  "$RUNTIME" --root "$STATE" --cgroup-manager disabled run -d "$ID" </dev/null >/dev/null 2>&1 3>&-
  same "$(cat "/proc/$(pid_of)/cgroup")" "$(cat /proc/self/cgroup)"
}

@test "a limit is refused in words and nothing is made" {
  only_caisson "limits come with a later version here"
  config '.linux.resources = {memory: {limit: 100000000}}'
  refused create "$ID"
  contains "$output" linux.resources.memory
  same "$(find /sys/fs/cgroup -type d -name "*$ID*")" ""
}

@test "devices that no rule allows cannot be opened, and the usual ones can" {
  all_capabilities
  config '.linux.devices = [{type: "c", path: "/dev/kmsg-like", major: 1, minor: 11, fileMode: 438}, {type: "c", path: "/dev/my-null", major: 1, minor: 3, fileMode: 438}]
    | .linux.resources = {devices: [{allow: false, access: "rwm"}]}'
  run -0 in_box 'head -c 1 /dev/kmsg-like >/dev/null 2>&1 || echo refused; echo x >/dev/my-null && head -c 1 /dev/zero | wc -c'
  same "$output" $'refused\n1'
}

@test "a rule allows a device" {
  need_file /dev/fuse
  config '.linux.devices = [{type: "c", path: "/dev/allowed", major: 10, minor: 229, fileMode: 438}]
    | .linux.resources = {devices: [{allow: false, access: "rwm"}, {allow: true, type: "c", major: 10, minor: 229, access: "rw"}]}'
  run -0 in_box '(: </dev/allowed) && echo opened'
  same "$output" opened
}

@test "without rules only the usual devices can be opened" {
  need_file /dev/fuse
  config '.linux.devices = [{type: "c", path: "/dev/other", major: 10, minor: 229, fileMode: 438}] | del(.linux.resources)'
  run -0 in_box '(: </dev/other) 2>&1 || true'
  contains "$output" "Operation not permitted"
}
