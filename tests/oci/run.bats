#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "run exits with the status of the program" {
  run -0 in_box 'exit 0'
  run -7 in_box 'exit 7'
  run -255 in_box 'exit 255'
}

@test "run exits with 128 and the signal that ended the program" {
  without_namespace pid
  run -143 in_box 'kill -TERM $$'
  run -137 in_box 'kill -KILL $$'
}

@test "run passes standard input, output and error through" {
  payload 'read line; echo "out $line"; echo err >&2'
  echo hello | runtime run "$ID" >"$WORK/o" 2>"$WORK/e"
  same "$(cat "$WORK/o")" "out hello"
  same "$(cat "$WORK/e")" "err"
}

@test "run removes the container when the program ends" {
  remember_host
  in_box 'exit 0'
  run ! runtime state "$ID"
  no_residue
}

@test "run removes the container when the program fails" {
  remember_host
  run -3 in_box 'exit 3'
  run ! runtime state "$ID"
  no_residue
}

@test "run --keep leaves a stopped container" {
  payload 'exit 4'
  run -4 runtime run --keep "$ID" </dev/null
  same "$(status_of)" stopped
}

@test "run --detach returns while the program runs" {
  payload 'echo up >/up; while :; do sleep 0.2; done'
  detached run --detach --pid-file "$WORK/pid" "$ID"
  wait_for 5 test -s rootfs/up
  same "$(status_of)" running
  same "$(cat "$WORK/pid")" "$(pid_of)"
}

@test "run writes the pid file while it runs in the foreground" {
  payload 'while [ ! -e /go ]; do sleep 0.05; done'
  runtime run --pid-file "$WORK/pid" "$ID" </dev/null >/dev/null 2>&1 &
  runner=$!
  wait_for 5 test -s "$WORK/pid"
  same "$(cat "$WORK/pid")" "$(pid_of)"
  touch rootfs/go
  wait "$runner"
}

@test "run forwards TERM to the program" {
  payload 'trap "echo got >/got; exit 9" TERM; echo up >/up; while :; do sleep 0.05; done'
  "$RUNTIME" --root "$STATE" run "$ID" </dev/null >/dev/null 2>&1 3>&- &
  runner=$!
  wait_for 5 test -s rootfs/up
  kill -TERM "$runner"
  status=0; wait "$runner" || status=$?
  same "$status" 9
  same "$(cat rootfs/got)" got
}

@test "run of a missing program fails, says so and leaves nothing" {
  remember_host
  config '.process.args = ["no-such-program"]'
  run ! runtime run "$ID" </dev/null
  contains "$output" "executable file not found in \$PATH"
  no_residue
}

@test "run of a program whose interpreter is missing fails and says so" {
  printf '#!/no/such/interpreter\n' >rootfs/bin/script
  chmod 0755 rootfs/bin/script
  config '.process.args = ["/bin/script"]'
  run ! runtime run "$ID" </dev/null
  contains "${output,,}" "no such file or directory"
}

@test "the program is process 1 of its namespace and sees only itself" {
  run -0 in_box 'echo $$; ls -d /proc/[0-9]*'
  same "${lines[0]}" 1
  matches "$output" $'^1\n/proc/1(\n/proc/[0-9])?$'
}

@test "run in a Debian root made by mmdebstrap" {
  need_root
  rm -rf rootfs
  debian_root rootfs
  config '.process.args = ["/bin/bash", "-c", ". /etc/os-release; echo $ID; ps -e -o pid= | head -n 1; cat /proc/1/comm"]'
  run -0 runtime run "$ID" </dev/null
  same "${lines[0]}" debian
  same "$(echo "${lines[1]}" | tr -d ' ')" 1
}

@test "run a bundle as umoci unpacks it from an OCI layout" {
  need_root
  umoci_bundle "$WORK/umoci"
  jq '.process.terminal = false | .process.args = ["/bin/bash", "-c", "cat /etc/debian_version"]' \
    <"$WORK/umoci/config.json" >"$WORK/new.json"
  mv "$WORK/new.json" "$WORK/umoci/config.json"
  run -0 runtime run --bundle "$WORK/umoci" "$ID" </dev/null
  matches "$output" '^[0-9]+'
}

@test "run the root of a docker-archive" {
  need_root
  debian_archive "$WORK/archive.tar"
  skopeo --insecure-policy copy --quiet "docker-archive:$WORK/archive.tar" "oci:$WORK/layout:latest" 3>&-
  umoci unpack --image "$WORK/layout:latest" "$WORK/umoci" >/dev/null 2>&1
  mv "$WORK/umoci/rootfs" "$WORK/archive-root"
  config --arg p "$WORK/archive-root" '.root.path = $p'
  run -0 in_box '. /etc/os-release; echo $ID'
  same "$output" debian
}
