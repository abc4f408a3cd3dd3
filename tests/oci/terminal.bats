#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

# receive [OPTIONS]: starts the receiver of a console in the background; what the terminal shows goes to WORK/screen.
receive() {
  "$SUITE_LIB/console_receiver.py" "$WORK/console.sock" --name-file "$WORK/name" "$@" >"$WORK/screen" 2>"$WORK/receiver.err" 3>&- &
  RECEIVER=$!
  wait_for 5 test -S "$WORK/console.sock"
}

terminal() { config '.process.terminal = true'; payload "$1"; }

# A program that wants to know the size waits for it first: runc 1.1 sets it only after the program was started, and
# busybox, whose stty this is, prints no size as long as it is zero.
sized() { [ "$RUNTIME_NAME" != runc ] || echo 'until [ -n "$(stty size 2>/dev/null)" ]; do sleep 0.05; done;'; }

@test "create sends the master of a terminal over the console socket, one descriptor and a name" {
  terminal 'tty; echo done'
  receive
  detached create --console-socket "$WORK/console.sock" "$ID"
  runtime start "$ID"
  wait "$RECEIVER"
  same "$(cat "$WORK/name.fds")" 1
  [ -s "$WORK/name" ]
  contains "$(cat "$WORK/screen")" done
}

@test "the terminal of a container is /dev/pts/0 of its own devpts, and /dev/console" {
  terminal 'tty; stat -c "%t:%T" /dev/pts/0 /dev/console; ls /dev/pts'
  receive
  detached run -d --console-socket "$WORK/console.sock" "$ID"
  wait "$RECEIVER"
  screen=$(tr -d '\r' <"$WORK/screen")
  contains "$screen" $'/dev/pts/0\n88:0\n88:0'
}

@test "a program on a terminal leads a session and the terminal controls it" {
  terminal 'echo typed >/dev/tty; test -t 0 && test -t 1 && test -t 2 && echo all three'
  receive
  detached run -d --console-socket "$WORK/console.sock" "$ID"
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" typed
  contains "$(cat "$WORK/screen")" "all three"
}

@test "consoleSize is the size of the terminal" {
  config '.process.consoleSize = {"height": 33, "width": 101}'
  terminal 'stty size'
  receive
  detached run -d --console-socket "$WORK/console.sock" "$ID"
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" "33 101"
}

@test "what is typed on the console reaches the program" {
  terminal 'echo ready; read line; echo "<$line>"'
  receive --expect ready --send 'hello\n'
  detached run -d --console-socket "$WORK/console.sock" "$ID"
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" "<hello>"
}

@test "the terminal belongs to the user of the process" {
  terminal 'stat -c "%u" /dev/pts/0'
  config '.process.user = {"uid": 1000, "gid": 1000}'
  receive
  detached run -d --console-socket "$WORK/console.sock" "$ID"
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" 1000
}

@test "create with a terminal but no console socket fails" {
  remember_host
  terminal 'true'
  refused create "$ID"
  matches "$output" "console.socket"
  no_residue
}

@test "create with a console socket but no terminal fails" {
  receive --timeout 3
  refused create --console-socket "$WORK/console.sock" "$ID"
  matches "$output" "console.socket"
  wait "$RECEIVER" || true
}

@test "a console socket where nobody listens makes create fail without residue" {
  remember_host
  terminal 'true'
  refused create --console-socket "$WORK/nobody.sock" "$ID"
  no_residue
}

@test "exec --tty with a console socket gives the command a terminal of its own" {
  start_sleeper
  receive
  detached exec --tty --detach --console-socket "$WORK/console.sock" "$ID" sh -c 'tty; echo done'
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" /dev/pts/
  contains "$(cat "$WORK/screen")" done
}

@test "exec never touches /dev/console" {
  start_sleeper
  receive
  detached exec --tty --detach --console-socket "$WORK/console.sock" "$ID" sh -c 'test -e /dev/console || echo no console'
  wait "$RECEIVER"
  contains "$(cat "$WORK/screen")" "no console"
}

foreground() { "$SUITE_LIB/pty_session.py" "$@" 3>&-; }

@test "run in the foreground gives the program a terminal and passes its output and status on" {
  terminal "$(sized) tty; stty size; exit 5"
  run -5 foreground --size 30x90 -- "$RUNTIME" --root "$STATE" run "$ID"
  contains "$output" /dev/pts/0
  contains "$output" "30 90"
  contains "$output" "termios kept"
}

@test "what a terminal shows comes out of a pipe without carriage returns" {
  terminal 'echo one; echo two'
  mkfifo "$WORK/quiet" # an end of its input is something that script types
  run -0 script -qec "'$RUNTIME' --root '$STATE' run '$ID' | od -c" /dev/null 0<>"$WORK/quiet"
  contains "$(tr -s ' \r' ' ' <<<"$output")" 'o n e \n t w o \n'
}

@test "run in the foreground passes on what is typed, also Ctrl-C, as bytes" {
  terminal 'trap "echo interrupted; exit 3" INT; echo ready; while :; do sleep 0.05; done'
  run -3 foreground --expect ready --send '\x03' -- "$RUNTIME" --root "$STATE" run "$ID"
  contains "$output" interrupted
  contains "$output" "termios kept"
}

@test "run in the foreground follows the size of the outer terminal" {
  terminal "$(sized) trap 'stty size; exit 0' WINCH; stty size; echo ready; while :; do sleep 0.05; done"
  run -0 foreground --size 24x80 --resize-to 40x120 --resize-at ready -- "$RUNTIME" --root "$STATE" run "$ID"
  contains "$output" "40 120"
}

@test "exec --tty in the foreground works as run does" {
  start_sleeper
  run -6 foreground --size 25x75 -- "$RUNTIME" --root "$STATE" exec --tty "$ID" sh -c "$(sized) stty size; tty; exit 6"
  contains "$output" "25 75"
  contains "$output" "termios kept"
}

@test "a foreground run restores the outer terminal also when the program is killed" {
  terminal 'echo ready; kill -KILL $$; sleep 1'
  without_namespace pid
  run -137 foreground -- "$RUNTIME" --root "$STATE" run "$ID"
  contains "$output" "termios kept"
}
