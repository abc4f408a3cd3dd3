#!/usr/bin/env bats
# The life of detached containers. The file life_as_user.bats is a link to this one: the same tests as an ordinary user. Names begin with
# the test's id, by which the teardown finds what is left.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }
# up OPTION... -- COMMAND...: a detached container on a busybox root.
up() { c run -d --name "$NAME" --rootfs "$ROOT" "$@"; }
field() { c inspect "$1" | jq -r ".[0].$2"; }
status() { field "$NAME" State.Status; }
is() { [ "$(status)" = "$1" ]; }
monitors() { pgrep -f "^caisson: $ID" || true; }
has_printed() { [[ $(c logs "$NAME" 2>/dev/null) == *"$1"* ]]; }
has_restarted() { [ "$(field "$NAME" RestartCount)" = "$1" ]; }
nothing_stored() { [ -z "$(find "$STATE" -mindepth 1 ! -name .containers ! -name .lock)" ]; }
# waits_for_lock PID: as `caisson wait` does for the end of a container.
waits_for_lock() { grep -q -- "-> FLOCK .* $1 " /proc/locks; }
# Nothing of any container is left: no keeper, record, cgroup or file.
all_gone() {
  same "$(monitors)" ""
  same "$(find "$STATE" -mindepth 1 ! -name .containers ! -name .lock)" ""
  same "$(find /sys/fs/cgroup -type d -name "*$1*" 2>/dev/null)" ""
}

@test "a detached container runs on, is listed, printed, entered, stopped and removed" {
  run -0 up -- sh -c 'trap "echo bye; exit 3" TERM; echo out; echo err >&2; printf part; while :; do sleep 0.05; done'
  id=$output
  [[ $id =~ ^[0-9a-f]{64}$ ]]
  wait_for 5 has_printed part
  run -0 c ps
  matches "${lines[1]}" "^${id:0:12} +$ROOT +\"sh -c .*\.\.\.\" +.* ago +Up (Less than a second|[0-9]+ seconds?) +- +$NAME\$"
  same "$(c ps -q)" "${id:0:12}"
  same "$(c ps -q --no-trunc)" "$id"
  same "$(c ps --json | jq -r '.[0].Name, .[0].State')" "$NAME"$'\n'running
  run -0 c logs -t "${id:0:5}"
  matches "${lines[0]}" "^20[0-9-]+T[0-9:.]+\+00:00 (out|err)$"
  same "$(c logs "$NAME" 2>/dev/null)" "out"$'\n'"part"
  same "$(c logs "$NAME" 2>&1 >/dev/null)" err
  same "$(c logs --tail 1 "$NAME" 2>/dev/null)" part
  run -5 c exec -e A=b -w /tmp "$NAME" sh -c 'echo $A $PWD; exit 5'
  same "$output" "b /tmp"
  run -127 c exec "$NAME" /nowhere
  echo 'www:x:7:8::/:' >"$ROOT/etc/passwd" && printf 'www:x:8:\nlog:x:4:www\n' >"$ROOT/etc/group"
  same "$(c exec -u www "$NAME" sh -c 'id -u; id -G')" "$(c run -u www --rootfs "$ROOT" -- sh -c 'id -u; id -G')"
  [ "$WHO" = user ] || same "$(c exec -u www "$NAME" sed -n 's/^Groups:.//p' /proc/self/status)" "4 8 "
  c exec -d "$NAME" sleep 1000
  contains "$(c top "$NAME" -o pid,args)" "sleep 1000"
  contains "$(c stats --no-stream "$NAME")" "${id:0:12}   $NAME "
  # An ordinary user need not have a cgroup that counts them.
  same "$(c stats --json | jq -c '.[0] | [.Processes >= 2, .MemoryBytes > 0, .CPUNanoseconds >= 0, .BlockReadBytes >= 0, .BlockWrittenBytes >= 0]')" '[true,true,true,true,true]'
  contains "$(person "$PROGRAM" __complete -- --root "$STATE" logs "${NAME:0:5}")" "$NAME"
  monitor=$(monitors)
  [ "$(awk '/^Pss:/ {print $2}' "/proc/$monitor/smaps_rollup")" -le 100 ]
  same "$(sed 's/.*) //' "/proc/$monitor/stat" | cut -d' ' -f4,5)" "$monitor 0"
  same "$(sh -c "for fd in /proc/$monitor/fd/[012]; do readlink \$fd; done" | sort -u)" /dev/null
  run -125 c rm "$NAME"
  contains "$output" "is running"
  run -125 up -- true
  contains "$output" "is taken by container ${id:0:12}"
  same "$(c stop "$NAME")" "$NAME"
  same "$(c wait "$id")" 3
  same "$(c ps)" "$(c ps | head -1)"
  run -0 c ps -a
  contains "$output" "Exited (3) "
  same "$(c logs --since 1h "$NAME" 2>/dev/null)" "out"$'\n'"partbye"
  same "$(c logs --until 1h "$NAME" 2>&1)" ""
  c rename "$NAME" "$ID-new"
  same "$(c rm "$ID-new")" "$ID-new"
  all_gone "$id"
}

@test "what ignores the signal is killed when the time is over, and a killed one is not restarted" {
  run -0 up --restart always -- sh -c 'trap "" TERM; while :; do sleep 0.05; done'
  c stop -t 0 "$NAME"
  same "$(c wait "$NAME")" 137
  c start "$NAME"
  is running
  c kill "$NAME"
  same "$(c wait "$NAME")" 137
  run -125 c kill "$NAME"
  contains "$output" "is not running"
  c restart -t 0 "$NAME"
  is running
  c rm -f "$NAME" "$ID-absent"
  all_gone "$NAME"
}

restarting() { contains "$(c ps)" "Restarting (0) " >/dev/null; }

@test "a policy starts it again with a growing delay, until a person stops it" {
  run -0 up --restart on-failure:2 -- sh -c 'echo run; exit 7'
  same "$(c wait "$NAME")" 7
  same "$(c logs "$NAME")" run$'\n'run$'\n'run
  same "$(field "$NAME" RestartCount)" 2
  run -0 c run -d --name "$ID-b" --restart always --rootfs "$ROOT" -- true
  wait_for 10 restarting
  c stop "$ID-b"
  contains "$(c ps -a)" "Exited (0) "
  c rm "$NAME" "$ID-b"
  all_gone "$ID"
}

@test "logs follow over rotations, without loss or repetition" {
  run -0 up --log-max-size 4k --log-max-files 99 -- sh -c 'i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo "line $i of the output"; done; sleep 0.3; echo end'
  id=$output
  c logs -f "$NAME" >"$WORK/followed"
  same "$(cat "$WORK/followed")" "$(for i in $(seq 600); do echo "line $i of the output"; done; echo end)"
  [ "$(find "$STATE/.containers/$id" -name 'log*' | wc -l)" -ge 5 ]
  [ "$(stat -c %s "$STATE/.containers/$id/log.2")" -le 4096 ]
  same "$(c logs --tail 2 "$NAME")" "line 600 of the output"$'\n'end
  c rm "$NAME"
  # Of one that keeps two small files the newest lines are left.
  run -0 up --log-max-size 4k --log-max-files 2 --rm -- sh -c 'seq 1000; read -r x </dev/zero'
  wait_for 5 sh -c "grep -q ' 1000$' '$STATE/.containers/$output/log'"
  same "$(find "$STATE/.containers/$output" -name 'log*' | wc -l)" 2
  c kill "$NAME"
  wait_for 5 nothing_stored  # it has another name while it goes
  all_gone "$output"
}

@test "a paused container is frozen, refuses exec, and goes on" {
  run -0 up -- sh -c 'while :; do sleep 0.05; done'
  if ! c pause "$NAME" 2>"$WORK/err"; then
    [ "$WHO" = user ] || { cat "$WORK/err"; false; }
    contains "$(cat "$WORK/err")" "hint:"
  else
    is paused
    contains "$(c ps)" "(Paused)"
    run -125 c exec "$NAME" true
    contains "$output" "is paused"
    run -125 c pause "$NAME"
    contains "$output" "container $NAME is paused already"
    contains "$output" "hint: "
    c unpause "$NAME"
    is running
  fi
  run -125 c unpause "$NAME"
  contains "$output" "container $NAME is not paused"
  contains "$output" "hint: "
  c rm -f "$NAME"
  all_gone "$NAME"
}

@test "after a kill of the monitor the container lives on, can be ended, and leaves nothing" {
  run -0 up --restart always -- sh -c 'while :; do sleep 0.05; done'
  kill -KILL "$(monitors)"
  wait_for 5 sh -c "! pgrep -f '^caisson: $ID'"
  contains "$(c ps)" "(no monitor)"
  run -0 c exec "$NAME" echo in
  same "$output" in
  # Nobody is there to mind its policy.
  kill -KILL "$(field "$NAME" State.Pid)"
  wait_for 5 is exited
  contains "$(c ps -a)" "Exited (lost)"
  run -0 c wait "$NAME"
  contains "$output" "nobody saw"
  # Both killed: the next command cleans up.
  c start "$NAME"
  kill -KILL "$(field "$NAME" State.Pid)"
  wait_for 5 has_restarted 1
  wait_for 5 is running
  wait_for 5 pgrep -f "^caisson: $ID"  # which it is called a moment later
  first=$(field "$NAME" State.Pid)
  kill -KILL "$(monitors)" "$first"
  wait_for 5 sh -c "! [ -e /proc/$first ]"
  contains "$(c ps -a)" "Exited (lost)"
  run -0 c run -d --rm --name "$ID-rm" --rootfs "$ROOT" -- sh -c 'while :; do sleep 0.05; done'
  kill -KILL "$(pgrep -f "^caisson: $ID-rm")" "$(field "$ID-rm" State.Pid)"
  wait_for 5 sh -c "! pgrep -f '^caisson: $ID'"
  # One in the foreground whose runtime was killed, too; one that runs stays.
  local sleeper
  in_background "$PROGRAM" --root "$STATE" run --rootfs "$ROOT" -- sleep 1000
  wait_for 10 pgrep -P "$RUNNER" -x sleep
  sleeper=$(pgrep -P "$RUNNER" -x sleep)
  kill -KILL "$RUNNER"
  wait_for 5 sh -c "! [ -e /proc/$sleeper ]"
  in_background "$PROGRAM" --root "$STATE" run --rootfs "$ROOT" -- sleep 1000
  wait_for 10 pgrep -P "$RUNNER" -x sleep
  # Without a name it is only listed.
  matches "$(c ps)" $'\n'"(run-[0-9-]+) +$ROOT +\"sleep 1000\" +.* Up .* run-[0-9-]+\$"
  contains "$(c stats --no-stream)" run-
  run -125 c stop "$(c ps -q)"
  contains "$output" "has no name"
  contains "$(c prune)" run-
  same "$(find "$STATE" -name 'run-*' | wc -l)" 1
  kill -KILL "$(pgrep -P "$RUNNER" -x sleep)"
  wait "$RUNNER" || true
  mkdir "$STATE/.containers/.new-x" "$STATE/.containers/$(printf '%064d' 5)"
  c prune
  all_gone "$ID"
}

@test "one that cannot be made leaves nothing, and says why" {
  for wrong in "--restart sometimes" "--rm --restart always" "--log-max-size x" "--log-max-files 0" "--stop-signal X" "--explain"; do
    # shellcheck disable=SC2086
    run -125 up $wrong -- true
    matches "$output" "^caisson: "
  done
  run -125 c run --restart always --rootfs "$ROOT" true
  contains "$output" "--detach"
  run -125 c run -d --name a/b --rootfs "$ROOT" true
  run -127 up -- /nowhere
  run -126 up -- /etc
  run -125 up --rootfs "$ROOT/none" -- true
  run -125 c logs "$NAME"
  contains "$output" "no such container"
  all_gone "$NAME"
}

@test "one in the foreground with a name is listed, entered, copied from, stopped, and gone at its end" {
  in_background "$PROGRAM" --root "$STATE" run --rm --name "$NAME" -- sh -c 'trap "exit 6" TERM; touch /here; while :; do sleep 0.05; done'
  wait_for 5 is running
  contains "$(c ps)" "$NAME"
  wait_for 5 c exec "$NAME" test -e /here
  run -125 up -- true
  contains "$output" "is taken"
  contains "$(c top "$NAME")" "sleep"
  contains "$(c stats --no-stream "$NAME")" "$NAME"
  c cp "$NAME:/here" here
  contains "$(c diff "$NAME")" "A /here"
  run -125 c logs "$NAME"
  contains "$output" "foreground"
  run -125 c attach "$NAME"
  contains "$output" "foreground"
  run -125 c rm "$NAME"
  c prune
  is running
  c stop "$NAME"
  local status=0
  wait "$RUNNER" || status=$?
  same "$status" 6
  run -125 c inspect "$NAME"
  all_gone "$NAME"
  # Its end is seen by who waits; a runtime that was killed leaves nothing behind the next command.
  in_background "$PROGRAM" --root "$STATE" run --name "$NAME" --rootfs "$ROOT" -- sh -c 'while [ ! -e /go ]; do sleep 0.02; done; exit 9'
  wait_for 5 is running
  in_background "$PROGRAM" --root "$STATE" wait "$NAME"
  wait_for 5 waits_for_lock "$RUNNER"
  c exec "$NAME" touch /go
  wait "$RUNNER"
  same "$(cat "$WORK/o")" 9
  rm "$ROOT/go"
  in_background "$PROGRAM" --root "$STATE" run --name "$NAME" --rootfs "$ROOT" -- sleep 1000
  wait_for 5 is running
  first=$(field "$NAME" State.Pid)
  kill -KILL "$RUNNER"
  wait_for 5 sh -c "! [ -e /proc/$first ]"
  same "$(c ps -a | wc -l)" 1
  all_gone "$NAME"
}

@test "of many at the same time one gets the name, and a killed start leaves nothing" {
  local tries=()
  for i in 1 2 3 4; do
    up -- sleep 1000 >"$WORK/try$i" 2>&1 &
    tries+=($!)
  done
  wait "${tries[@]}" || true
  same "$(cat "$WORK"/try? | grep -c '^[0-9a-f]*$')" 1
  same "$(cat "$WORK"/try? | grep -c 'is taken')" 3
  c rm -f "$NAME"
  for pause in 0.005 0.02 0.04; do
    in_background "$PROGRAM" --root "$STATE" run -d --name "$NAME" --rootfs "$ROOT" -- sleep 1000
    sleep "$pause"
    kill -KILL "$RUNNER" 2>/dev/null || true
    wait "$RUNNER" || true  # what it is about to do until then could come after the next commands
    c rm -f "$NAME"
    c prune
  done
  all_gone "$ID"
}

@test "the default root and a terminal work detached, too" {
  run -0 c run -d -t --name "$NAME" -e GREETING=hi -- sh -c '[ ! -e /fresh ] && touch /fresh && tty && echo $GREETING'
  same "$(c wait "$NAME")" 0
  same "$(c logs "$NAME" | tr -d '\r')" /dev/pts/0$'\n'hi
  [ ! -e /fresh ]
  # It goes on with what it wrote.
  c start "$NAME"
  same "$(c wait "$NAME")" 1
  c cp "$NAME:/fresh" fresh
  c rm "$NAME"
  all_gone "$NAME"
}
