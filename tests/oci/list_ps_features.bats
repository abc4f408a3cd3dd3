#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "list prints null or an empty list when there is no container" {
  run -0 runtime list --format json
  matches "$output" '^(null|\[\])$'
}

@test "list --quiet prints one ID a line" {
  detached create "$ID-a"
  detached create "$ID-b"
  run -0 runtime list --quiet
  same "$output" "$ID-a"$'\n'"$ID-b"
  run -0 runtime list -q
  same "$output" "$ID-a"$'\n'"$ID-b"
}

@test "list prints a table with a heading" {
  detached create "$ID"
  run -0 runtime list
  matches "${lines[0]}" '^ID +PID +STATUS +BUNDLE +CREATED +OWNER'
  matches "${lines[1]}" "^$ID +[0-9]+ +created +$BUNDLE +[0-9T:.Z+-]+ +[a-z0-9#]+"
}

@test "list --format json holds the same as state, and the owner" {
  start_sleeper
  runtime list --format=json >"$WORK/list.json"
  jq -e --arg id "$ID" --argjson pid "$(pid_of)" 'length == 1 and .[0].id == $id and .[0].pid == $pid and .[0].status == "running"' "$WORK/list.json"
  same "$(jq -r '.[0].owner' "$WORK/list.json")" "$(id -un)"
}

@test "list with an unknown format fails" {
  run ! runtime list --format nonsense
  contains "$output" format
}

@test "list goes on past an entry that cannot be read" {
  detached create "$ID"
  mkdir -p "$STATE/broken-entry"
  runtime list --quiet >"$WORK/list" 2>/dev/null || true
  contains "$(cat "$WORK/list")" "$ID"
}

@test "ps --format json is a bare array of host pids" {
  payload 'sleep 1000 & echo up >/up; wait'
  detached run -d "$ID"
  wait_for 5 test -s rootfs/up
  runtime ps --format json "$ID" >"$WORK/ps.json"
  jq -e --argjson pid "$(pid_of)" 'length == 2 and index($pid) != null and all(.[]; type == "number")' "$WORK/ps.json"
}

@test "ps prints a table of the container's processes and no others" {
  start_sleeper
  run -0 runtime ps "$ID"
  contains "${lines[0]}" PID
  contains "$output" "$(pid_of)"
  lacks "$output" "bats-exec-test"
}

@test "ps counts processes in cgroups below the container's" {
  need_root
  all_capabilities
  config '(.mounts[] | select(.destination == "/sys/fs/cgroup") | .options) |= map(select(. != "ro"))'
  payload 'for d in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do [ -e $d/cgroup.procs ] || continue; mkdir $d/inner 2>/dev/null; done
    (for d in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do echo 0 >$d/inner/cgroup.procs; done; cat /proc/self/cgroup >/up; exec sleep 1000) 2>/dev/null & wait'
  detached run -d "$ID"
  wait_for 5 test -s rootfs/up
  grep -q ':/inner$' rootfs/up
  wait_for 5 sh -c "'$RUNTIME' --root '$STATE' ps -f json '$ID' | jq -e 'length >= 2'"
}

@test "ps of a container that does not exist fails" {
  run ! runtime ps --format json no-such-container
  contains "$output" "does not exist"
}

@test "features needs no flag and prints only JSON" {
  "$RUNTIME" features >"$WORK/features.json" 2>"$WORK/errors" 3>&-
  same "$(cat "$WORK/errors")" ""
  jq -e '.ociVersionMin == "1.0.0" and (.ociVersionMax | test("^1\\."))
    and ([.hooks[]] | sort) == (["prestart","createRuntime","createContainer","startContainer","poststart","poststop"] | sort)
    and (.mountOptions | index("rro") != null and index("ro") != null and index("rbind") != null and index("nosuid") != null)
    and ([.linux.namespaces[]] | index("user") != null and index("mount") != null and index("network") != null)
    and (.linux.capabilities | index("CAP_CHOWN") != null and index("CAP_SYS_ADMIN") != null)
    and (.linux.seccomp.enabled == true) and (.linux.seccomp.actions | index("SCMP_ACT_ERRNO") != null)
    and (.linux.seccomp.operators | index("SCMP_CMP_MASKED_EQ") != null) and (.linux.seccomp.archs | index("SCMP_ARCH_X86_64") != null)
    and .linux.cgroup.v1 == true and .linux.cgroup.v2 == true' "$WORK/features.json"
}

@test "features says which of the newest properties there are" {
  unless_runc "1.1 has an older document"
  "$RUNTIME" features >"$WORK/features.json" 3>&-
  jq -e '(.linux.namespaces | index("time") != null) and (.linux.mountExtensions.idmap | has("enabled"))
    and (.linux.seccomp | has("knownFlags") and has("supportedFlags"))' "$WORK/features.json"
}
