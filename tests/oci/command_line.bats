#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "options may be written --name value and --name=value" {
  payload 'exit 0'
  "$RUNTIME" --root="$STATE" create --bundle="$BUNDLE" --pid-file="$WORK/pid" "$ID" </dev/null >/dev/null 2>&1 3>&-
  [ -s "$WORK/pid" ]
}

@test "long options may have a single dash, as Go programs write them" {
  payload 'exit 0'
  run -0 "$RUNTIME" -root "$STATE" run -no-subreaper -bundle "$BUNDLE" "$ID" </dev/null 3>&-
}

@test "flags may have a value: --detach=true and --detach=false" {
  payload 'exit 4'
  run -4 runtime run --detach=false "$ID" </dev/null
  payload 'exit 0'
  detached run --detach=true "$ID"
}

@test "flags may follow the ID for commands that take no program" {
  start_sleeper
  unless_runc "1.1 ends the options at the ID"
  runtime delete "$ID" --force
  run ! runtime state "$ID"
}

@test "an unknown command fails and names it" {
  run ! runtime no-such-command
  contains "$output" no-such-command
}

@test "an unknown option fails and names it, and nothing happens" {
  refused create --no-such-option "$ID"
  contains "$output" no-such-option
  run ! runtime state "$ID"
  run ! runtime --no-such-option list
  contains "$output" no-such-option
}

@test "an option without its value fails" {
  refused create --bundle
  run ! runtime kill
}

@test "too many arguments are refused" {
  start_sleeper
  run ! runtime state "$ID" extra
  run ! runtime start "$ID" extra
  run ! runtime delete "$ID" extra
  same "$(status_of)" running
}

@test "--version begins with the program's name and says commit and spec" {
  run -0 "$RUNTIME" --version
  matches "${lines[0]}" "^$RUNTIME_NAME version [0-9]"
  matches "$output" 'spec: [0-9]+\.[0-9]+'
  run -0 "$RUNTIME" -v
  matches "${lines[0]}" "^$RUNTIME_NAME version [0-9]"
}

@test "--help lists the commands" {
  run -0 "$RUNTIME" --help
  for command in create start state kill delete run exec list ps spec features; do
    [ "$command" = features ] && [ "$RUNTIME_NAME" = crun ] && continue
    contains "$output" "$command"
  done
  run -0 "$RUNTIME" -h
}

@test "no arguments at all prints help" {
  run "$RUNTIME"
  contains "$output" create
}

@test "an ID may hold letters, digits, _ + - and ." {
  payload 'exit 0'
  name="${ID}_a+b-c.D9"
  runtime run "$name" </dev/null
}

@test "IDs with other characters are refused" {
  for name in "" "a/b" "../x" "a b" "ä" 'a:b' '.' '..' $'a\nb'; do
    refused create -- "$name"
    [ "$name" = "" ] || run ! runtime state "$name"
  done
  [ ! -e "$WORK/x" ]
}

@test "an ID that begins with a dot is refused" {
  unless_runc "1.1 accepts it"
  refused create .hidden
  contains "$output" "invalid container ID format"
}

@test "an ID that is very long is refused in words" {
  only_caisson "peers show the error of the file system"
  refused create "$(head -c 2000 /dev/zero | tr '\0' a)"
  contains "$output" "invalid container ID format"
}

@test "--root is made with its parents and only its owner can enter" {
  payload 'exit 0'
  "$RUNTIME" --root "$WORK/new/deep/state" run "$ID" </dev/null 3>&-
  same "$(stat -c %a "$WORK/new/deep/state")" 700
}

@test "two roots hold two different containers of the same ID" {
  need_root
  config '.linux.cgroupsPath = "/'"$ID"'/first"'
  detached create "$ID"
  config '.linux.cgroupsPath = "/'"$ID"'/second"'
  "$RUNTIME" --root "$WORK/state2" create "$ID" </dev/null >/dev/null 2>&1 3>&-
  later "$RUNTIME" --root "$WORK/state2" delete --force "$ID"
  [ "$(pid_of)" != "$("$RUNTIME" --root "$WORK/state2" state "$ID" | jq .pid)" ]
}

@test "--root / is refused" {
  unless_runc "1.1 accepts it"
  run ! "$RUNTIME" --root / list
}

@test "--systemd-cgroup, --rootless and --criu are accepted" {
  start_sleeper
  run -0 "$RUNTIME" --root "$STATE" --rootless=false state "$ID"
  run -0 "$RUNTIME" --criu criu --root "$STATE" state "$ID"
}

@test "the flags of containerd, in its order, work" {
  payload 'exit 0'
  "$RUNTIME" --root "$STATE" --log "$BUNDLE/log.json" --log-format json create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" \
    </dev/null >/dev/null 2>&1 3>&-
  "$RUNTIME" --root "$STATE" --log "$BUNDLE/log.json" --log-format json start "$ID" 3>&-
  wait_for 5 has_status stopped
  "$RUNTIME" --root "$STATE" --log "$BUNDLE/log.json" --log-format json delete "$ID" 3>&-
}

@test "as root podman's empty XDG_RUNTIME_DIR means the default place" {
  need_root
  only_caisson "it writes into the state of the host"
  # Without what others have there.
  unshare --mount --propagation private sh -c 'mount -t tmpfs run /run && XDG_RUNTIME_DIR= exec "$0" list' "$RUNTIME" 3>&-
}
