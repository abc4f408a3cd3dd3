#!/usr/bin/env bats
# caisson attach and start --attach. The file attach_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }
piped() { person "$PROGRAM" --root "$STATE" "$@"; }
up() { c run -d --name "$NAME" --rootfs "$ROOT" "$@"; }
# ends_with STATUS PID: of a job of this shell.
ends_with() {
  local status=0
  wait "$2" || status=$?
  same "$status" "$1"
}
on_terminal() { person "$WORK/pty_session.py" "$@"; }

@test "several see what it prints, write to its input, and end with its status" {
  run -0 up -i -- sh -c 'while read -r word; do echo "got $word"; echo "err $word" >&2; [ "$word" != end ] || exit 7; done; exit 1'
  in_background "$PROGRAM" --root "$STATE" attach --no-stdin "$NAME"
  watcher=$RUNNER
  wait_for 5 sh -c "grep -q caisson /proc/$watcher/comm && ls -l /proc/$watcher/fd | grep -c socket | grep -q '^1$'"
  # The end of one client's input is not the end of the container's.
  (echo one; sleep 0.2) | piped attach --sig-proxy=false "$NAME" >"$WORK/first" 2>/dev/null 3>&- &
  first=$!
  wait_for 5 grep -q 'got one' "$WORK/first"
  echo end | { run -7 piped attach "$NAME"; contains "$output" "got end"; }
  ends_with 7 "$watcher"
  same "$(grep -c got "$WORK/o") $(grep -c err "$WORK/o")" "2 2"
  ends_with 7 "$first"
  same "$(c logs "$NAME" 2>/dev/null)" "got one"$'\n'"got end"
  run -125 c attach "$NAME"
  contains "$output" "is not running"
}

@test "start -a misses nothing, and passes signals on" {
  run -0 up -- sh -c 'echo first; trap "echo bye; exit 9" TERM; seq 2000; while :; do sleep 0.02; done'
  c stop "$NAME"
  in_background "$PROGRAM" --root "$STATE" start -a "$NAME"
  wait_for 5 grep -q '^2000$' "$WORK/o"
  kill -TERM "$RUNNER"
  ends_with 9 "$RUNNER"
  same "$(cat "$WORK/o")" "first"$'\n'"$(seq 2000)"$'\n'bye
  run -125 c start -a "$NAME" other
  run -125 c attach --detach-keys ctrl-pq "$NAME"
  contains "$output" "--detach-keys"
  # With --sig-proxy=false the signal ends the client alone.
  c start "$NAME"
  in_background "$PROGRAM" --root "$STATE" attach --sig-proxy=false "$NAME"
  wait_for 5 sh -c "ls -l /proc/$RUNNER/fd | grep -q socket"
  kill -TERM "$RUNNER"
  ends_with 143 "$RUNNER"
  same "$(c inspect "$NAME" | jq -r '.[0].State.Status')" running
}

@test "a terminal has the client's size, is left by keys, and goes on" {
  run -0 up -t -i -- sh -c '(while :; do echo tick; sleep 0.05; done) & while :; do read -r word; case $word in size) stty size;; end) exit 5;; *) echo "got $word";; esac; done'
  run -0 on_terminal --size 33x77 --expect tick --send 'hello\r' --expect 'got hello' --send 'size\r' --expect '33 77' --send '\x10a\r' --expect 'got' \
    --send '\x10\x11' -- "$PROGRAM" --root "$STATE" attach "$NAME"
  contains "$output" "termios kept"
  run -0 on_terminal --expect tick --send 'x\x1d' -- "$PROGRAM" --root "$STATE" attach --detach-keys 'ctrl-]' "$NAME"
  run -5 on_terminal --expect tick --send '\x15end\r' -- "$PROGRAM" --root "$STATE" attach "$NAME"
  contains "$output" "termios kept"
  monitor=$(pgrep -f "^caisson: $ID" || true)
  same "$monitor" ""
}

@test "who does not read holds the container up for a while only" {
  [ "$WHO" = root ] || skip "takes seconds; the same for everybody"
  run -0 up -- sh -c 'while [ ! -e /go ]; do sleep 0.02; done; head -c 3000000 /dev/zero | tr "\0" x; echo; echo done; sleep 1000'
  in_background "$PROGRAM" --root "$STATE" attach "$NAME"
  wait_for 5 sh -c "ls -l /proc/$RUNNER/fd | grep -q socket"
  kill -STOP "$RUNNER"
  c exec "$NAME" touch /go
  wait_for 20 sh -c "'$PROGRAM' --root '$STATE' logs -n 1 '$NAME' | grep -q done"
  kill -CONT "$RUNNER"
  ends_with 125 "$RUNNER"
  contains "$(tail -c 300 "$WORK/o")" "not attached any more"
}
