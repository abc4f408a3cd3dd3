#!/usr/bin/env bats
# `caisson run`: process 1, signals, terminals, plan and explanation. The file session_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

@test "the program is process 1 and sees only the container's processes" {
  run -0 box -- sh -c 'echo $$; ls -d /proc/[0-9]* | wc -l'
  same "${lines[0]}" 1
  [ "${lines[1]}" -le 4 ]
}

@test "--init is process 1, reaps orphans and passes the status on" {
  run -9 box --init -- sh -c '[ $$ != 1 ] || exit 1; (sleep 0.05 &) ; sleep 0.3; for one in /proc/[0-9]*; do grep -l ^State:.Z $one/status; done 2>/dev/null; exit 9'
  same "$output" ""
}

@test "--init forwards TERM to the program" {
  in_background "$PROGRAM" run --init -- sh -c 'trap "echo got; exit 5" TERM; echo up; while :; do sleep 0.05; done'
  wait_for 5 grep -q up "$WORK/o"
  kill -TERM "$RUNNER"
  status=0; wait "$RUNNER" || status=$?
  same "$status" 5
  contains "$(cat "$WORK/o")" got
}

@test "TERM for run reaches a program that handles it, also without --init" {
  in_background "$PROGRAM" run -- sh -c 'trap "echo got; exit 6" TERM; echo up; while :; do sleep 0.05; done'
  wait_for 5 grep -q up "$WORK/o"
  kill -TERM "$RUNNER"
  status=0; wait "$RUNNER" || status=$?
  same "$status" 6
}

@test "when run is killed nothing of the container lives on" {
  local inside="^sleep 9$$\$"  # nobody else's: tests beside this one have sleepers, too
  in_background "$PROGRAM" run -- sleep "9$$"
  wait_for 5 pgrep -f "$inside"
  kill -KILL "$RUNNER"
  wait "$RUNNER" 2>/dev/null || true
  wait_for 5 sh -c "! pgrep -f '$inside' >/dev/null"
}

@test "/proc, /sys and /dev are the container's own" {
  run -0 box -- sh -c 'echo x >/dev/null && head -c 3 /dev/zero | wc -c; ls /dev | wc -l; (echo 1 >/proc/sys/kernel/hostname) 2>/dev/null || echo refused; wc -c </proc/keys'
  same "${lines[0]}" 3
  [ "${lines[1]}" -lt 30 ]
  same "${lines[3]}" 0
}

@test "no descriptor of the caller is inside" {
  run -0 bash -c "exec 7</etc/passwd 9</; exec '$PROGRAM' run -- ls /proc/self/fd </dev/null" 3>&-
  same "$output" $'0\n1\n2\n3'
}

@test "--dry-run prints the plan and runs nothing" {
  remember_host
  run -0 box --dry-run -- touch "/$ID.made"
  contains "$output" /proc
  contains "$output" "touch"
  no_residue
}

@test "--explain tells each step with its time on standard error" {
  box --explain -- echo output >"$WORK/o" 2>"$WORK/e"
  same "$(cat "$WORK/o")" output
  matches "$(cat "$WORK/e")" '[0-9]+(\.[0-9]+)? ?(us|µs|ms)'
  contains "$(cat "$WORK/e")" "mount filesystems"
}

@test "--trace writes a trace that Chrome and Perfetto read" {
  box --trace "$HOME_OF/trace.json" -- true
  jq -e '(if type == "array" then . else .traceEvents end) | length > 5 and all(.[]; has("ph"))' "$HOME_OF/trace.json"
}

terminal_run() { person "$WORK/pty_session.py" "$@"; }

@test "on a terminal run gives the program a terminal of its own" {
  run -4 terminal_run --size 31x91 -- "$PROGRAM" run -i -t -- sh -c 'tty; stty size; exit 4'
  matches "$output" '/dev/(pts/[0-9]+|console)'
  contains "$output" "31 91"
  contains "$output" "termios kept"
}

@test "on a terminal without a command run opens a shell" {
  run -0 terminal_run --expect '#' --send 'echo in-$((40 + 2)); exit\n' -- "$PROGRAM" run || \
    run -0 terminal_run --expect '$' --send 'echo in-$((40 + 2)); exit\n' -- "$PROGRAM" run
  contains "$output" in-42
  contains "$output" "termios kept"
}

@test "Ctrl-C on the terminal reaches the program and the terminal is restored" {
  run -3 terminal_run --expect ready --send '\x03' -- "$PROGRAM" run -it -- sh -c 'trap "echo interrupted; exit 3" INT; echo ready; while :; do sleep 0.05; done'
  contains "$output" interrupted
  contains "$output" "termios kept"
}

@test "the size of the terminal follows the outer one" {
  run -0 terminal_run --resize-to 40x120 --resize-at ready -- "$PROGRAM" run -it -- sh -c 'trap "stty size; exit 0" WINCH; echo ready; while :; do sleep 0.05; done'
  contains "$output" "40 120"
}

@test "-t without a terminal is refused in words" {
  run -125 box -t -- true
  contains "${output,,}" terminal
}

@test "options may be written --name=value and the command needs no --" {
  run -0 box --hostname=glued hostname
  same "$output" glued
}

@test "the host's /proc still works after a run" {
  box -- true
  [ -r /proc/self/status ]
  same "$(findmnt -n -o FSTYPE /proc | head -n 1)" proc
}
