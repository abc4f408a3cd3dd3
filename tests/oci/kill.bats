#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

counting_container() {
  payload 'for s in HUP INT QUIT USR1 USR2 TERM 34 64; do trap "echo $s >>/got" $s; done; echo ready >/got; while :; do sleep 0.05; done'
  detached run -d "$ID"
  wait_for 5 grep -q ready rootfs/got
}

got() { grep -qx "$1" rootfs/got; }
no_process_left() { [ -z "$(processes_of_test)" ]; }

@test "kill sends TERM when no signal is named" {
  counting_container
  runtime kill "$ID"
  wait_for 5 got TERM
}

@test "kill takes a signal by name with and without SIG, in any case, and by number" {
  counting_container
  runtime kill "$ID" USR1; wait_for 5 got USR1
  runtime kill "$ID" SIGUSR2; wait_for 5 got USR2
  runtime kill "$ID" sighup; wait_for 5 got HUP
  runtime kill "$ID" 2; wait_for 5 got INT
  runtime kill "$ID" quit; wait_for 5 got QUIT
}

@test "kill takes real-time signals by number" {
  counting_container
  runtime kill "$ID" 34
  wait_for 5 got 34
}

@test "kill takes real-time signals by name" {
  unless_runc "1.1 knows no name for them"
  counting_container
  runtime kill "$ID" SIGRTMIN
  wait_for 5 got 34
  runtime kill "$ID" RTMAX
  wait_for 5 got 64
}

@test "kill with an unknown signal fails and names it" {
  start_sleeper
  run ! runtime kill "$ID" NOSUCHSIGNAL
  contains "$output" "NOSUCHSIGNAL"
  run ! runtime kill "$ID" 9999
  same "$(status_of)" running
}

@test "kill with signal 0 only asks whether the container is there" {
  unless_runc "1.1 takes signal 0 as an unknown signal"
  start_sleeper
  runtime kill "$ID" 0
  same "$(status_of)" running
}

@test "kill KILL stops the container" {
  start_sleeper
  runtime kill "$ID" KILL
  wait_for 5 has_status stopped
}

@test "kill reaches a container that was created only" {
  detached create "$ID"
  runtime kill "$ID" KILL
  wait_for 5 has_status stopped
}

@test "a container that waits for start ends when it is asked to" {
  payload 'touch /started'
  for signal in TERM INT HUP QUIT; do
    detached create "$ID"
    runtime kill "$ID" "$signal"
    wait_for 5 has_status stopped
    runtime delete "$ID"
  done
  [ ! -e rootfs/started ]
}

@test "without a pid namespace of its own kill KILL also ends what the first process has left" {
  unless_runc "1.1 cannot"
  need_root
  config '.linux.namespaces |= map(select(.type != "pid"))'
  payload 'sleep 1000 & echo $! >/left; kill -KILL $$'
  detached run -d "$ID"
  wait_for 5 has_status stopped
  left=$(cat rootfs/left)
  kill -0 "$left"
  runtime kill "$ID" KILL
  wait_for 5 has_ended "$left"
  refused kill "$ID" KILL
  contains "$output" "container not running"
}

@test "kill of a stopped container fails with container not running" {
  payload 'exit 0'
  detached run -d "$ID"
  wait_for 5 has_status stopped
  run -1 runtime kill "$ID" TERM
  contains "$output" "container not running"
}

@test "kill of a container that does not exist fails" {
  run -1 runtime kill no-such-container KILL
  contains "$output" "does not exist"
}

@test "kill --all KILL ends every process of a container" {
  payload 'sleep 1000 & sleep 1000 & echo go >/ready; wait'
  detached run -d "$ID"
  wait_for 5 test -s rootfs/ready
  same "$(runtime ps --format json "$ID" | jq length)" 3
  runtime kill --all "$ID" KILL
  wait_for 5 has_status stopped
  same "$(processes_of_test)" ""
}

@test "kill -a ID SIGNAL, as CRI-O sends it, reaches every process" {
  payload '(trap "echo child >>/got; exit" USR1; echo a >>/ready; while :; do sleep 0.05; done) & trap "echo parent >>/got" USR1; echo b >>/ready; while :; do sleep 0.05; done'
  detached run -d "$ID"
  wait_for 5 sh -c 'test $(wc -l <rootfs/ready) = 2'
  runtime kill -a "$ID" USR1
  wait_for 5 grep -q parent rootfs/got
  wait_for 5 grep -q child rootfs/got
}

@test "kill --all succeeds on a container whose init is gone" {
  payload 'exit 0'
  detached run -d "$ID"
  wait_for 5 has_status stopped
  runtime kill --all "$ID" 9
}

@test "with the host's pid namespace kill KILL ends the children too" {
  unless_runc "1.1 leaves them unless --all is given"
  without_namespace pid
  payload 'sleep 1000 & sleep 1000 & echo go >/ready; wait'
  detached run -d "$ID"
  wait_for 5 test -s rootfs/ready
  runtime kill "$ID" KILL
  wait_for 5 has_status stopped
  wait_for 5 sh -c "[ -z \"\$(cat /sys/fs/cgroup/unified/$ID/cgroup.procs /sys/fs/cgroup/$ID/cgroup.procs 2>/dev/null)\" ]"
}

@test "with the host's pid namespace delete sweeps what the program left behind" {
  without_namespace pid
  payload 'sleep 1000 & sleep 1000 & echo go >/ready; exit 0'
  detached run -d "$ID"
  wait_for 5 has_status stopped
  runtime delete --force "$ID"
  # They have left the cgroup when it can be removed, which is a little before their end.
  wait_for 5 no_process_left
  same "$(find /sys/fs/cgroup -type d -name "*$ID*")" ""
}

@test "options of the form --all=true are understood" {
  start_sleeper
  runtime kill --all=true "$ID" KILL
  wait_for 5 has_status stopped
}
