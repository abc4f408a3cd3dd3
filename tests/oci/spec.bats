#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "spec writes a config.json that runs as it is" {
  rm config.json
  runtime spec
  [ -f config.json ]
  jq -e '.ociVersion and .process.args == ["sh"] and .process.terminal and .root.readonly and .hostname' config.json
  config '.process.terminal = false | .process.args = ["/bin/echo", "from the default config"]'
  run -0 runtime run "$ID" </dev/null
  same "$output" "from the default config"
}

@test "spec writes into the directory of --bundle" {
  mkdir "$WORK/other"
  runtime spec --bundle "$WORK/other"
  [ -f "$WORK/other/config.json" ]
  runtime spec -b="$BUNDLE" && return 1
  jq -e .process "$WORK/other/config.json"
}

@test "spec refuses to overwrite a config.json and leaves it alone" {
  before=$(sha256sum config.json)
  run -1 runtime spec
  contains "$output" "config.json"
  same "$(sha256sum config.json)" "$before"
}

@test "spec --rootless maps the caller and needs no network namespace" {
  rm config.json
  runtime spec --rootless
  jq -e '[.linux.namespaces[].type] | index("user") != null' config.json
  jq -e '.linux.uidMappings[0].size == 1 and .linux.gidMappings[0].size == 1' config.json
  jq -e --argjson uid "$(id -u)" '.linux.uidMappings[0].hostID == $uid and .linux.uidMappings[0].containerID == 0' config.json
}

@test "spec asks for every namespace that isolates a container by default" {
  rm config.json
  runtime spec
  for kind in pid network ipc uts mount; do
    jq -e --arg k "$kind" '[.linux.namespaces[].type] | index($k) != null' config.json
  done
}

@test "spec masks and protects the dangerous files of /proc and /sys" {
  rm config.json
  runtime spec
  jq -e '.linux.maskedPaths | index("/proc/kcore") and index("/sys/firmware") and index("/proc/keys")' config.json
  jq -e '.linux.readonlyPaths | index("/proc/sys") and index("/proc/sysrq-trigger")' config.json
  jq -e '.process.noNewPrivileges' config.json
}
