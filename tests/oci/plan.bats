#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

@test "plan prints the steps and makes nothing" {
  only_caisson "no peer has it"
  remember_host
  run -0 runtime plan --bundle "$BUNDLE" "$ID"
  for word in /proc /dev /sys box /bin/sh; do contains "$output" "$word"; done
  run ! runtime state "$ID"
  no_residue
}

@test "plan needs no ID and no root" {
  only_caisson "no peer has it"
  run -0 runtime plan
  contains "$output" /proc
}

@test "plan shows what is asked: user, capabilities, masks, filter, hooks, offsets" {
  only_caisson "no peer has it"
  config '.process.user = {uid: 4711, gid: 4712} | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"} | .hooks.createRuntime = [{path: "/bin/true"}]
    | .linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {boottime: {secs: 77}}'
  run -0 runtime plan
  for word in 4711 CAP_KILL /proc/kcore seccomp /bin/true 77; do contains "${output,,}" "${word,,}"; done
}

@test "plan refuses a wrong configuration as create does" {
  only_caisson "no peer has it"
  config '.process.cwd = "relative"'
  refused plan
  contains "$output" process.cwd
}

@test "plan is the same text twice" {
  only_caisson "no peer has it"
  same "$(runtime plan | sed 's/0x[0-9a-f]*//g')" "$(runtime plan | sed 's/0x[0-9a-f]*//g')"
}

@test "--explain prints the steps with their times as they happen, to standard error" {
  only_caisson "no peer has it"
  payload 'echo output'
  runtime --explain run "$ID" </dev/null >"$WORK/o" 2>"$WORK/e"
  same "$(cat "$WORK/o")" output
  contains "$(cat "$WORK/e")" "mount filesystems"
  matches "$(cat "$WORK/e")" '[0-9]+(\.[0-9]+)? ?(us|µs|ms)'
}

@test "--trace writes a trace that Chrome and Perfetto read" {
  only_caisson "no peer has it"
  payload 'true'
  runtime --trace "$WORK/trace.json" run "$ID" </dev/null
  jq -e '(if type == "array" then . else .traceEvents end) | length > 5 and all(.[]; has("ph") and has("pid")) and any(.[]; .name | test("proc|mount"))' "$WORK/trace.json"
}
