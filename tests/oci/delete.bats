#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

stopped_container() {
  payload 'exit 0'
  detached create "$ID"
  runtime start "$ID"
  wait_for 5 has_status stopped
}

@test "delete removes a stopped container: state, cgroup and ID" {
  stopped_container
  runtime delete "$ID"
  run ! runtime state "$ID"
  same "$(ls "$STATE")" ""
  same "$(find /sys/fs/cgroup -type d -name "*$ID*")" ""
}

@test "delete refuses a running container and leaves it running" {
  start_sleeper
  run -1 runtime delete "$ID"
  contains "$output" "that is not stopped: running"
  same "$(status_of)" running
}

@test "delete --force ends and removes a running container" {
  start_sleeper
  pid=$(pid_of)
  runtime delete --force "$ID"
  run ! runtime state "$ID"
  has_ended "$pid"
  same "$(find /sys/fs/cgroup -type d -name "*$ID*")" ""
}

@test "delete -f is delete --force" {
  start_sleeper
  runtime delete -f "$ID"
  run ! runtime state "$ID"
}

@test "delete of a container that does not exist fails" {
  run -1 runtime delete no-such-container
  contains "$output" "does not exist"
}

@test "delete --force of a container that does not exist succeeds" {
  runtime delete --force no-such-container
}

@test "the ID is free again after delete" {
  stopped_container
  runtime delete "$ID"
  start_sleeper
  same "$(status_of)" running
}

@test "delete --force ends a program that ignores every signal" {
  payload 'trap "" HUP INT QUIT TERM USR1 USR2; while :; do sleep 0.2; done'
  detached run --detach "$ID"
  runtime delete --force "$ID"
  same "$(processes_of_test)" ""
}

@test "delete removes the cgroups that the container made inside its own" {
  need_root
  all_capabilities
  config '(.mounts[] | select(.destination == "/sys/fs/cgroup") | .options) |= map(select(. != "ro"))'
  payload 'for d in /sys/fs/cgroup /sys/fs/cgroup/pids /sys/fs/cgroup/unified; do mkdir -p $d/inner-group/deeper; done 2>/dev/null; echo made >/made; while :; do sleep 0.2; done'
  detached run -d "$ID"
  wait_for 5 test -s rootfs/made
  [ -n "$(find /sys/fs/cgroup -type d -path "*$ID*/inner-group/deeper")" ]
  runtime delete -f "$ID"
  same "$(find /sys/fs/cgroup -type d -path "*$ID*")" ""
}

@test "delete --force ends a container that runs in the foreground, and its runtime with it" {
  payload 'echo up >/up; while :; do sleep 0.2; done'
  "$RUNTIME" --root "$STATE" run --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&- &
  local runtime=$! status=0
  wait_for 10 test -s rootfs/up # a container in the foreground counts as running while its first process still prepares
  timeout 20 "$RUNTIME" --root "$STATE" delete --force "$ID" 3>&-
  wait_for 10 eval '! kill -0 $runtime 2>/dev/null'
  wait "$runtime" || status=$?
  same "$status" 137
  same "$(ls -A "$STATE")" ""
}

@test "delete --force removes what cannot be read: an empty file or directory" {
  only_caisson "runc fails on a state file it cannot read"
  mkdir -p "$STATE/$ID" "$STATE/$ID-full/inside"
  touch "$STATE/$ID-empty"
  chmod 0700 "$STATE"
  run ! runtime delete "$ID"
  runtime delete --force "$ID"
  runtime delete --force "$ID-empty"
  run ! runtime delete --force "$ID-full"
  same "$(ls -A "$STATE")" "$ID-full"
  rm -r "${STATE:?}/$ID-full"
}

@test "delete --force cleans up by what is left of a damaged record" {
  only_caisson "runc gives up on a state file it cannot read"
  start_sleeper
  printf '{"damaged' >"$STATE/$ID"
  run ! runtime state "$ID"
  runtime delete --force "$ID"
  [ ! -e "$STATE/$ID" ]
}

@test "two deletes at the same time leave nothing and do not hang" {
  for round in 1 2 3 4 5; do
    start_sleeper
    timeout 20 "$RUNTIME" --root "$STATE" delete --force "$ID" 3>&- >/dev/null 2>&1 &
    timeout 20 "$RUNTIME" --root "$STATE" delete --force "$ID" 3>&- >/dev/null 2>&1 || true
    wait $! || true
    timeout 20 "$RUNTIME" --root "$STATE" delete --force "$ID" 3>&-
    run ! runtime state "$ID"
  done
}

@test "of two creates with one ID at the same time exactly one wins" {
  unless_runc "in this race both of 1.1 fail"
  payload 'exit 0'
  won=0
  runtime create "$ID" </dev/null >"$WORK/a" 2>&1 & first=$!
  runtime create "$ID" </dev/null >"$WORK/b" 2>&1 & second=$!
  wait $first && won=$((won + 1))
  wait $second && won=$((won + 1))
  cat "$WORK/a" "$WORK/b"
  same "$won" 1
  same "$(status_of)" created
}
