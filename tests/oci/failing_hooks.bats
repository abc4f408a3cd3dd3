#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

failing_hook() { config --arg k "$1" '.hooks[$k] = [{path: "/bin/sh", args: ["sh", "-c", "echo complaint of the hook >&2; exit 3"]}]'; }
quick() { payload 'exit 0'; }

for_each_early_kind() {
  local kind
  for kind in prestart createRuntime createContainer; do
    cp "$SUITE_LIB/base_config.json" config.json
    "$@" "$kind" || return 1
  done
}

failure_of_create() {
  failing_hook "$1"
  quick
  remember_host
  refused create "$ID"
  contains "$output" "complaint of the hook"
  run ! runtime state "$ID"
  no_residue
}

@test "a failing prestart, createRuntime or createContainer hook undoes create and its words are in the error" {
  for_each_early_kind failure_of_create
}

# fails_second KIND FAILURE: run names the second hook of the list, which says something and ends with status 3.
fails_second() {
  config --arg k "$1" '.hooks[$k] = [{path: "/bin/true"}, {path: "/bin/sh", args: ["sh", "-c", "echo said; echo complained >&2; exit 3"]}]'
  quick
  refused run "$ID"
  contains "$output" "error running $1 hook #1: \"/bin/sh\": $2"
}

@test "a failing hook is named with its kind, its place in the list and its exit status" {
  unless_runc "1.1 has other words"
  for kind in prestart createRuntime createContainer poststart; do
    cp "$SUITE_LIB/base_config.json" config.json
    fails_second "$kind" 'exit status 3, stdout: "said", stderr: "complained"'
  done
}

@test "a failing startContainer hook is named like the others, through start as well" {
  unless_runc "1.1 has other words"
  fails_second startContainer 'exit status 3, stdout: "said", stderr: "complained"'
  detached create "$ID"
  refused start "$ID"
  contains "$output" 'error running startContainer hook #1: "/bin/sh": exit status 3, stdout: "said", stderr: "complained"'
  runtime delete "$ID"
  config '.hooks.startContainer = [{path: "/no/such/hook"}]'
  refused run "$ID"
  contains "$output" 'error running startContainer hook #0: "/no/such/hook": execute it: No such file or directory'
}

@test "what a startContainer hook printed cannot act on a terminal" {
  unless_runc "1.1 has other words"
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "printf \"a\\033[31m\\042\\134\\n\\n\"; exit 200"]}]'
  refused run "$ID"
  contains "$output" 'exit status 200, stdout: "a\x1b[31m\"\\"'
}

@test "a startContainer hook that prints more than pipes hold is waited for, and the end of it is in the error" {
  unless_runc "1.1 has other words"
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c",
    "for i in 1 2 3; do head -c 200000 /dev/zero | tr \"\\0\" e >&2; head -c 200000 /dev/zero | tr \"\\0\" o; done; echo the end; echo the reason >&2; exit 1"]}]'
  run ! runtime run "$ID"
  [ "$(tr -cd o <<<"$output" | wc -c)" -gt 600000 ]
  [[ ${output: -2200} =~ 'stdout: ..."'o+'the end", stderr: ..."'e+'the reason"'$ ]]
}

@test "a startContainer hook that outlives its timeout is killed, also while nobody takes what it prints" {
  unless_runc "1.1 lets it go on while nobody reads"
  mkfifo "$WORK/unread"
  for script in "echo waiting; sleep 300" "while :; do echo waiting; done"; do
    config --arg s "$script" '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", $s], timeout: 1}]'
    run ! env PROGRAM="$RUNTIME" sh -c 'exec 8<>"$0/unread"; timeout 20 "$PROGRAM" --root "$0/state" run "$1" </dev/null 2>&1 >&8' "$WORK" "$ID" 3>&-
    contains "$output" 'did not end within its timeout and was killed, stdout: '
    run ! runtime state "$ID"
  done
}

# Nobody shows what is on the container's terminal before its program runs.
@test "a startContainer hook that prints a lot does not wait for the reader of a terminal" {
  config '.process.terminal = true | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "head -c 300000 /dev/zero | tr \"\\0\" x"]}]'
  payload 'echo ran'
  run -0 "$SUITE_LIB/pty_session.py" --timeout 10 -- "$RUNTIME" --root "$STATE" run "$ID" 3>&-
  contains "$output" ran
}

@test "a failing hook that printed nothing, or on one stream only, is told without the other" {
  unless_runc "1.1 shows empty ones"
  config '.hooks.createRuntime = [{path: "/bin/false"}]'
  refused create "$ID"
  contains "$output" '#0: "/bin/false": exit status 1'
  lacks "$output" std
  failing_hook createRuntime
  refused create "$ID"
  contains "$output" 'exit status 3, stderr: "complaint of the hook"'
}

@test "a hook that prints more than pipes hold is waited for, and the end of it is in the error" {
  config '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c",
    "for i in 1 2 3; do head -c 200000 /dev/zero | tr \"\\0\" e >&2; head -c 200000 /dev/zero | tr \"\\0\" o; done; echo the end; echo the reason >&2; exit 1"]}]'
  refused create "$ID"
  contains "$output" "the end"
  contains "$output" "the reason"
  [ "$RUNTIME_NAME" = runc ] || [ "${#output}" -lt 3000 ]
}

@test "a failing startContainer hook makes start fail and the program never runs" {
  unless_runc "start of 1.1 does not notice"
  failing_hook startContainer
  payload 'echo ran >/ran'
  detached create "$ID"
  run ! runtime start "$ID"
  [ ! -e rootfs/ran ]
  wait_for 5 has_status stopped
}

@test "a failing poststart hook ends the container and start fails" {
  unless_runc "1.1 runs these hooks in create"
  failing_hook poststart
  payload 'while :; do sleep 0.1; done'
  detached create "$ID"
  run ! runtime start "$ID"
  wait_for 5 sh -c "! '$RUNTIME' --root '$STATE' state '$ID' 2>/dev/null | grep -q running"
}

@test "a failing poststop hook is only a warning and the next ones still run" {
  unless_runc "1.1 leaves the others out"
  mkdir "$WORK/hooks"
  config --arg f "$WORK/hooks/second" '.hooks.poststop = [{path: "/bin/false"}, {path: "/bin/sh", args: ["sh", "-c", "touch \($f)"]}]'
  detached create "$ID"
  runtime delete "$ID" 2>"$WORK/warning"
  [ -e "$WORK/hooks/second" ]
  run ! runtime state "$ID"
}

@test "a hook that runs longer than its timeout is killed and create fails" {
  remember_host
  config '.hooks.createRuntime = [{path: "/bin/sleep", args: ["sleep", "300"], timeout: 1}]'
  before=$SECONDS
  refused create "$ID"
  [ $((SECONDS - before)) -lt 10 ]
  no_residue
}

@test "children of a hook that timed out are killed too" {
  only_caisson "peers kill only the hook itself"
  remember_host
  # A time that no other test sleeps, which may run this file as well.
  config --arg tag "$WORK" --arg time "300.$BASHPID" \
    '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "sleep $1 & echo $0 >/dev/null; sleep $1", $tag, $time], timeout: 1}]'
  refused create "$ID"
  no_residue
  run ! sh -c "ps -eo args | grep -qx 'sleep 300[.]$BASHPID'"
}

@test "a hook program that does not exist is an error that names it" {
  config '.hooks.createRuntime = [{path: "/no/such/hook"}]'
  refused create "$ID"
  contains "$output" "/no/such/hook"
}

@test "a relative hook path is refused" {
  unless_runc "1.1 runs it"
  config '.hooks.createRuntime = [{path: "bin/true"}]'
  refused create "$ID"
  contains "$output" "hooks.createRuntime[0].path"
}

# The hook leaves a process of its own in the cgroup that create then cannot take back.
@test "a failed create that has to leave its cgroup can be deleted" {
  only_caisson "runc removes its record and leaves the cgroup behind"
  need_root
  cat >"$WORK/hook" <<'H'
#!/bin/sh
sleep 300 </dev/null >/dev/null 2>&1 3>&- &
for directory in $(find /sys/fs/cgroup -type d -path "*$1*"); do echo $! >"$directory/cgroup.procs"; done
exit 3
H
  chmod 0755 "$WORK/hook"
  config --arg p "$WORK/hook" --arg id "$ID" '.hooks.createRuntime = [{path: $p, args: [$p, $id], env: ["PATH=/usr/bin:/bin"]}]'
  refused create "$ID"
  contains "$output" "holds processes and could not be removed: \`delete\` ends them and removes it"
  same "$(status_of)" stopped
  runtime delete "$ID"
  same "$(find /sys/fs/cgroup -type d -path "*$ID*")" ""
  same "$(ls -A "$STATE")" ""
}
