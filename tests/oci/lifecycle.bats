#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "create leaves the container created and does not run its program" {
  payload 'touch /ran'
  detached create --bundle "$BUNDLE" "$ID"
  same "$(status_of)" created
  sleep 0.2
  [ ! -e rootfs/ran ]
}

@test "start runs the program of a created container" {
  payload 'echo "$$" >/ran; while :; do sleep 0.2; done'
  detached create "$ID"
  runtime start "$ID"
  wait_for 5 test -s rootfs/ran
  same "$(cat rootfs/ran)" 1
  same "$(status_of)" running
}

@test "a container whose program ended is stopped and has no pid" {
  payload 'exit 0'
  detached create "$ID"
  runtime start "$ID"
  wait_for 5 has_status stopped
  same "$(pid_of)" 0
}

@test "state prints the document of the runtime specification" {
  config '.annotations = {"org.example.key": "a value"}'
  detached create "$ID"
  runtime state "$ID" >"$WORK/state.json"
  jq -e --arg id "$ID" --arg b "$BUNDLE" '
    .id == $id and .status == "created" and .pid > 0 and .bundle == $b and .rootfs == $b + "/rootfs"
    and (.ociVersion | test("^1\\.")) and .annotations["org.example.key"] == "a value"' "$WORK/state.json"
  jq -e '.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$")' "$WORK/state.json"
  [ -d "/proc/$(pid_of)" ]
}

@test "state of a container that does not exist fails and says so" {
  run -1 runtime state no-such-container
  contains "$output" "does not exist"
}

@test "create with an ID that is in use fails and leaves the first container alone" {
  start_sleeper
  pid=$(pid_of)
  refused create "$ID"
  contains "$output" "container with given ID already exists"
  same "$(pid_of)" "$pid"
  same "$(status_of)" running
}

@test "start of a running container fails" {
  start_sleeper
  run -1 runtime start "$ID"
  contains "$output" "cannot start an already running container"
  same "$(status_of)" running
}

@test "start of a stopped container fails" {
  payload 'exit 0'
  detached create "$ID"
  runtime start "$ID"
  wait_for 5 has_status stopped
  run -1 runtime start "$ID"
  contains "$output" "cannot start a container that has stopped"
}

@test "start of a container that does not exist fails" {
  run -1 runtime start no-such-container
  contains "$output" "does not exist"
}

@test "a change of config.json after create has no effect" {
  payload 'echo first >/ran'
  detached create "$ID"
  payload 'echo second >/ran'
  runtime start "$ID"
  wait_for 5 test -s rootfs/ran
  same "$(cat rootfs/ran)" first
}

@test "the pid file holds the pid as digits and nothing else" {
  detached create --pid-file "$WORK/pid" "$ID"
  matches "$(od -An -c "$WORK/pid" | tr -d ' \n')" '^[0-9]+$'
  same "$(cat "$WORK/pid")" "$(pid_of)"
}

@test "a pid file takes the place of an older one, and nothing is left beside it" {
  mkdir "$WORK/pids"
  echo 123456789 >"$WORK/pids/pid"
  detached create --pid-file "$WORK/pids/pid" "$ID"
  same "$(cat "$WORK/pids/pid")" "$(pid_of)"
  same "$(ls -A "$WORK/pids")" pid
}

@test "a client of the start socket that says nothing does not keep start from working" {
  only_caisson "others have no start socket"
  detached create "$ID"
  "$PYTHON" -c '
import socket, sys, time
clients = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(12)]
for client in clients:
    client.connect(sys.argv[1])
    time.sleep(0.01)
print("connected", flush=True)
time.sleep(60)' "$(find "$STATE" -name ".start-*")" >"$WORK/clients" 3>&- &
  later kill $!
  wait_for 10 grep -q connected "$WORK/clients"
  run -0 timeout 10 "$RUNTIME" --root "$STATE" start "$ID" 3>&-
  wait_for 5 has_status stopped || has_status running
}

@test "a relative pid file is relative to the caller, not to the bundle" {
  mkdir "$WORK/elsewhere"
  cd "$WORK/elsewhere"
  detached create --bundle "$BUNDLE" --pid-file my.pid "$ID"
  [ -s "$WORK/elsewhere/my.pid" ]
  [ ! -e "$BUNDLE/my.pid" ]
}

@test "a pid file that cannot be written makes create fail without residue" {
  refused create --pid-file "$WORK/no/such/dir/pid" "$ID"
  run ! runtime state "$ID"
  same "$(processes_of_test)" ""
}

@test "a failed create can be repeated with the same ID" {
  config '.process.args = ["/no/such/program"]'
  refused create "$ID"
  payload 'exit 0'
  detached create "$ID"
  same "$(status_of)" created
}

@test "a missing program is an error of create that names it" {
  config '.process.args = ["no-such-program"]'
  refused create "$ID"
  contains "$output" "no-such-program"
  contains "$output" "executable file not found in \$PATH"
  run ! runtime state "$ID"
}

@test "a missing program given by path is an error of create" {
  config '.process.args = ["/no/such/program"]'
  refused create "$ID"
  contains "$output" "/no/such/program"
  contains "$output" "no such file or directory"
}

@test "a program without permission to execute is an error that says permission denied" {
  echo 'not a program' >rootfs/file
  chmod 0644 rootfs/file
  config '.process.args = ["/file"]'
  refused create "$ID"
  contains "${output,,}" "permission denied"
}

@test "create resolves the bundle from the working directory by default" {
  payload 'exit 0'
  detached create "$ID"
  same "$(runtime state "$ID" | jq -r .bundle)" "$BUNDLE"
}

@test "a root.path that is absolute is used as it is" {
  mv rootfs "$WORK/another-root"
  config --arg p "$WORK/another-root" '.root.path = $p'
  run -0 in_box 'echo inside; ls /bin/busybox'
  contains "$output" inside
}

@test "create keeps nothing of the runtime alive but the container" {
  detached create --pid-file "$WORK/pid" "$ID"
  same "$(processes_of_test)" "$(cat "$WORK/pid")"
}

@test "delete of a container that was created only ends it" {
  detached create "$ID"
  pid=$(pid_of)
  runtime delete "$ID"
  run ! runtime state "$ID"
  wait_for 5 test ! -d "/proc/$pid"
}
