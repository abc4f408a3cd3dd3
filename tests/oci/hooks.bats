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

@test "createContainer hooks have the bounding set of the runtime, the program that of the container" {
  config --arg out "$WORK/bounding" \
    '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "grep CapBnd: /proc/self/status >$OUT"], env: ["OUT=" + $out, "PATH=/usr/bin:/bin"]}]
     | .process.capabilities.bounding = ["CAP_KILL"]'
  payload 'grep CapBnd: /proc/self/status'
  run -0 --separate-stderr runtime run "$ID" </dev/null
  same "$output" $'CapBnd:\t0000000000000020'
  same "$(cat "$WORK/bounding")" "$(grep CapBnd: /proc/self/status)"
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

# print_environment KIND: a hook without env, which writes what it got into WORK/hooks/KIND.env.
print_environment() {
  mkdir -p "$WORK/hooks"
  config --arg k "$1" --arg f "$WORK/hooks/$1.env" \
    '.hooks[$k] = [{path: "/bin/sh", args: ["sh", "-c", "tr \"\\0\" \"\\n\" </proc/self/environ >\($f)"]}]'
}

@test "a hook without env has the environment of the command that runs it" {
  for kind in prestart createRuntime poststop; do print_environment "$kind"; done
  quick
  MARK=create detached create "$ID"
  for kind in prestart createRuntime; do
    contains "$(cat "$WORK/hooks/$kind.env")" MARK=create
    contains "$(cat "$WORK/hooks/$kind.env")" "PATH=$PATH"
  done
  runtime start "$ID"
  wait_for 5 has_status stopped
  MARK=delete runtime delete "$ID"
  contains "$(cat "$WORK/hooks/poststop.env")" MARK=delete
}

@test "a poststart hook without env has the environment of start" {
  unless_runc "1.1 runs these hooks in create"
  print_environment poststart
  quick
  MARK=create detached create "$ID"
  MARK=start runtime start "$ID"
  contains "$(cat "$WORK/hooks/poststart.env")" MARK=start
}

@test "a createContainer hook without env has the environment of the runtime and none of the container's variables" {
  unless_runc "1.1 gives it those of the container, LD_PRELOAD of an image as well"
  print_environment createContainer
  config '.process.env += ["LD_PRELOAD=/lib/evil.so", "INSIDE=1"]'
  MARK=create detached create "$ID"
  contains "$(cat "$WORK/hooks/createContainer.env")" MARK=create
  lacks "$(cat "$WORK/hooks/createContainer.env")" LD_PRELOAD
  lacks "$(cat "$WORK/hooks/createContainer.env")" INSIDE
}

@test "a startContainer hook without env has the environment of the program" {
  config '.process.env += ["ONE=two", "FOO=bar"] | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "env >/start.env"]}]'
  payload 'env >/program.env'
  MARK=create runtime run "$ID" </dev/null
  for word in ONE=two FOO=bar HOME=/; do contains "$(cat rootfs/start.env)" "$word"; done
  lacks "$(cat rootfs/start.env)" MARK
  same "$(grep -v ^SHLVL= rootfs/start.env | sort)" "$(grep -v ^SHLVL= rootfs/program.env | sort)"
}

@test "a hook with an empty env has an empty environment" {
  for kind in createRuntime createContainer poststop; do
    print_environment "$kind"
    config --arg k "$kind" '.hooks[$k][0].env = []'
  done
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat </proc/self/environ >/start.env"], env: []}]'
  quick
  MARK=run runtime run "$ID" </dev/null
  for kind in createRuntime createContainer poststop; do same "$(cat "$WORK/hooks/$kind.env")" ""; done
  same "$(cat rootfs/start.env)" ""
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

@test "a startContainer hook starts with default signals" {
  unless_runc "1.1 hands on what the caller ignores"
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "exec grep SigIgn: /proc/self/status >/start.signals"]}]'
  quick
  detached create "$ID"
  runtime start "$ID"
  same "$(cat rootfs/start.signals)" $'SigIgn:\t0000000000000000'
}

@test "what a startContainer hook prints goes to the output of the container" {
  unless_runc "1.1 throws it away"
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo said; echo complained >&2"]}]'
  payload 'echo ran'
  same "$(runtime run "$ID" </dev/null 2>"$WORK/err")" $'said\nran'
  same "$(cat "$WORK/err")" complained
}

@test "several hooks of one kind run in the order of the list" {
  mkdir "$WORK/hooks"
  for n in 1 2 3; do
    config --arg n "$n" --arg f "$WORK/hooks/order" '.hooks.createRuntime += [{path: "/bin/sh", args: ["sh", "-c", "echo \($n) >>\($f)"]}]'
  done
  detached create "$ID"
  same "$(cat "$WORK/hooks/order")" $'1\n2\n3'
}

@test "a hook that does not read its standard input is no error, even with a large state" {
  config --arg big "$(head -c 100000 /dev/zero | tr '\0' x)" '.annotations.big = $big | .hooks.createRuntime = [{path: "/bin/true"}]'
  detached create "$ID"
  same "$(status_of)" created
}

forbid_mkdir() { # ACTION
  config --arg a "$1" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
    syscalls: [{names: ["mkdir", "mkdirat"], action: $a}]}'
}

@test "a startContainer hook runs under the filter of the container" {
  for privileges in true false; do
    for action in SCMP_ACT_ERRNO SCMP_ACT_KILL_PROCESS; do
      cp "$SUITE_LIB/base_config.json" config.json
      forbid_mkdir "$action"
      config --argjson n "$privileges" '.process.noNewPrivileges = $n | .process.rlimits = [{type: "RLIMIT_CORE", soft: 0, hard: 0}]
        | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "mkdir /made"]}]'
      payload 'echo ran'
      refused run "$ID"
      lacks "$output" ran
      [ ! -e rootfs/made ]
    done
  done
  contains "$output" "bad system call"
}

@test "the filter of a hook is not in the way of the program's own" {
  forbid_mkdir SCMP_ACT_ERRNO
  config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo hook >/written"]}]'
  payload 'cat /written; grep Seccomp_filters: /proc/self/status'
  same "$(runtime run "$ID" </dev/null)" $'hook\nSeccomp_filters:\t1'
}

@test "a startContainer hook starts where the filter has no clone3" {
  config '.process.noNewPrivileges = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
    syscalls: [{names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38}]} | .hooks.startContainer = [{path: "/bin/true"}]'
  payload 'echo ran'
  same "$(runtime run "$ID" </dev/null)" ran
}
