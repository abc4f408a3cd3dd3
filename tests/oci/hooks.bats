#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

# The hook program writes NAME, its standard input and facts about itself into WORK/hooks.
install_hook() {
  mkdir -p "$WORK/hooks"
  cat >"$WORK/hook" <<'H'
#!/bin/sh
dir=$1 name=$2
cat >"$dir/$name.stdin"
env >"$dir/$name.env"
pwd >"$dir/$name.cwd"
readlink /proc/self/ns/mnt >"$dir/$name.mnt"
ls /proc/self/fd >"$dir/$name.fd"
echo "$name" >>"$dir/order"
H
  chmod 0755 "$WORK/hook"
}

hook() { # KIND
  config --arg k "$1" --arg p "$WORK/hook" --arg d "$WORK/hooks" \
    '.hooks[$k] += [{path: $p, args: [$p, $d, $k], env: ["WORD=hook", "PATH=/usr/bin:/bin"]}]'
}

failing_hook() { config --arg k "$1" '.hooks[$k] = [{path: "/bin/sh", args: ["sh", "-c", "echo complaint of the hook >&2; exit 3"]}]'; }
quick() { payload 'exit 0'; }

@test "hooks of the runtime namespace run in order: createRuntime, poststart, poststop" {
  install_hook
  for kind in prestart createRuntime poststart poststop; do hook "$kind"; done
  quick
  runtime run "$ID" </dev/null
  same "$(cat "$WORK/hooks/order")" $'prestart\ncreateRuntime\npoststart\npoststop'
}

@test "createContainer hooks run before the root is changed, startContainer hooks after" {
  install_hook
  hook createRuntime
  hook createContainer
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat >/start.stdin; ls / >/start.ls"]}]'
  quick
  runtime run "$ID" </dev/null
  same "$(cat "$WORK/hooks/order")" $'createRuntime\ncreateContainer'
  contains "$(cat rootfs/start.ls)" start.stdin
  [ "$(cat "$WORK/hooks/createContainer.mnt")" != "$(ns_of mnt)" ]
  same "$(cat "$WORK/hooks/createRuntime.mnt")" "$(ns_of mnt)"
}

@test "hooks get the state of the container on standard input" {
  install_hook
  for kind in createRuntime createContainer poststart poststop; do hook "$kind"; done
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat >/start.stdin"]}] | .annotations = {"org.example": "x"}'
  quick
  runtime run "$ID" </dev/null
  cp rootfs/start.stdin "$WORK/hooks/startContainer.stdin"
  for kind in createRuntime createContainer startContainer poststart poststop; do
    jq -e --arg id "$ID" --arg b "$BUNDLE" '.id == $id and .bundle == $b and .annotations["org.example"] == "x" and has("ociVersion")
      and has("status")' "$WORK/hooks/$kind.stdin"
  done
  same "$(jq -r .status "$WORK/hooks/createRuntime.stdin")" creating
  # runc 1.1 says created there
  [ "$RUNTIME_NAME" = runc ] || same "$(jq -r .status "$WORK/hooks/poststart.stdin")" running
  same "$(jq -r .status "$WORK/hooks/poststop.stdin")" stopped
}

@test "createRuntime hooks see the pid of the container on the host" {
  install_hook
  hook createRuntime
  detached create "$ID"
  same "$(jq .pid "$WORK/hooks/createRuntime.stdin")" "$(pid_of)"
}

@test "startContainer hooks see the pid inside" {
  unless_runc "1.1 gives 0 or the host's pid"
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat >/start.stdin"]}]'
  quick
  runtime run "$ID" </dev/null
  same "$(jq .pid rootfs/start.stdin)" 1
}

@test "a hook gets its own environment and nothing of the caller's" {
  install_hook
  hook createRuntime
  export LEAKED_VARIABLE=1
  detached create "$ID"
  contains "$(cat "$WORK/hooks/createRuntime.env")" "WORD=hook"
  lacks "$(cat "$WORK/hooks/createRuntime.env")" LEAKED_VARIABLE
}

@test "a hook of the runtime namespace starts in the bundle" {
  install_hook
  hook createRuntime
  detached create "$ID"
  same "$(cat "$WORK/hooks/createRuntime.cwd")" "$BUNDLE"
}

@test "a createContainer hook starts in the root of the container" {
  unless_runc "1.1 starts it in the bundle"
  install_hook
  hook createContainer
  detached create "$ID"
  same "$(cat "$WORK/hooks/createContainer.cwd")" "$BUNDLE/rootfs"
}

@test "a hook inherits no descriptor but the standard three" {
  install_hook
  hook createRuntime
  detached create "$ID"
  same "$(sort -n "$WORK/hooks/createRuntime.fd")" $'0\n1\n2\n3'
}

@test "several hooks of one kind run in the order of the list" {
  mkdir "$WORK/hooks"
  for n in 1 2 3; do
    config --arg n "$n" --arg f "$WORK/hooks/order" '.hooks.createRuntime += [{path: "/bin/sh", args: ["sh", "-c", "echo \($n) >>\($f)"]}]'
  done
  detached create "$ID"
  same "$(cat "$WORK/hooks/order")" $'1\n2\n3'
}

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
  config --arg tag "$WORK" '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "sleep 301 & echo $0 >/dev/null; sleep 302", $tag], timeout: 1}]'
  refused create "$ID"
  no_residue
  run ! sh -c "ps -eo args | grep -qx 'sleep 30[12]'"
}

@test "a hook that does not read its standard input is no error, even with a large state" {
  config --arg big "$(head -c 100000 /dev/zero | tr '\0' x)" '.annotations.big = $big | .hooks.createRuntime = [{path: "/bin/true"}]'
  detached create "$ID"
  same "$(status_of)" created
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
