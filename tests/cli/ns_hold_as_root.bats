#!/usr/bin/env bats
# `caisson ns hold`. The file ns_hold_as_user.bats is a link to this one: the same tests as an ordinary user. The names carry the test's
# id, by which the teardown finds holders.
load ../lib/suite
load people

setup() {
  people_setup
  STATE=$HOME_OF/state
  NAME=lab-$ID
}
teardown() { people_teardown; }

ns() { person "$PROGRAM" --root "$STATE" ns "$@" </dev/null; }
# sleeper: a process of this person in new namespaces; SLEEPER is its pid.
sleeper() {
  in_background unshare --user --map-root-user --net --uts sh -c 'echo $$; exec sleep 1000'
  wait_for 5 grep -q . "$WORK/o"
  SLEEPER=$RUNNER
  later kill "$SLEEPER"
}
end() { kill -KILL "$1"; wait_for 5 sh -c "! [ -e /proc/$1/ns/net ]"; }
inode() { stat -L -c %i "/proc/$1/ns/$2"; }
no_trace() { [ ! -d "$STATE" ] || same "$(find "$STATE" -mindepth 1)" ""; }

@test "held namespaces outlive their process and are entered by the holder" {
  sleeper
  net=$(inode "$SLEEPER" net) user=$(inode "$SLEEPER" user)
  run -0 ns hold "$NAME" --from "$SLEEPER" --kind user --kind net
  holder=$output
  end "$SLEEPER"
  same "$(stat -L -c %i "/proc/$holder/fd/3" "/proc/$holder/fd/4")" "$user"$'\n'"$net"
  run -0 person nsenter --preserve-credentials --user="/proc/$holder/fd/3" --net="/proc/$holder/fd/4" readlink /proc/self/ns/net
  same "$output" "net:[$net]"
  run -0 ns hold "two-$ID" --from "net:$NAME"
  same "$(stat -L -c %i "/proc/$output/fd/3")" "$net"
  run -0 ns rm "$NAME"
  same "$output" "net:[$net] lives on: hold:two-$ID"
  wait_for 5 sh -c "! [ -e /proc/$holder ]"
  run -0 ns rm "two-$ID"
  same "$output" ""
  no_trace
}

@test "without --from the caller's own namespaces are held, of every kind" {
  run -0 ns hold "$NAME"
  for kind in $(ns_kinds); do
    same "$(for fd in "/proc/$output/fd/"*; do readlink "$fd"; done | grep -c "^$kind:\[$(inode self "$kind")\]$")" 1
  done
  ns rm "$NAME"
  no_trace
}

@test "the holder is small, has no terminal and nothing else open, and says what it is" {
  sleeper
  run -0 ns hold "$NAME" --from "$SLEEPER" --kind net
  holder=$output
  same "$(tr '\0' ' ' <"/proc/$holder/cmdline")" "caisson: hold $NAME: net "
  same "$(cat "/proc/$holder/comm")" caisson-hold
  run -0 sh -c "for fd in /proc/$holder/fd/*; do readlink \$fd; done"
  same "$output" "$(printf '%s\n' /dev/null /dev/null /dev/null "net:[$(inode "$SLEEPER" net)]" "$STATE/.holds/$NAME")"
  same "$(readlink "/proc/$holder/cwd")" /
  # Fields 6 and 7 of stat: session and terminal.
  same "$(sed 's/.*) //' "/proc/$holder/stat" | cut -d' ' -f4,5)" "$holder 0"
  [ "$(awk '/^Pss:/ {print $2}' "/proc/$holder/smaps_rollup")" -le 64 ]
  ns rm "$NAME"
}

@test "it survives the end of the terminal that it was started from" {
  sleeper
  number=$(inode "$SLEEPER" net)
  run -0 person script --quiet --return --command "'$PROGRAM' --root '$STATE' ns hold $NAME --from $SLEEPER --kind net >'$HOME_OF/pid'" /dev/null
  holder=$(tr -d '\r' <"$HOME_OF/pid")
  same "$(stat -L -c %i "/proc/$holder/fd/3")" "$number"
  ns rm "$NAME"
}

@test "a name is given once, and is free again when the holder was killed" {
  sleeper
  run -0 ns hold "$NAME" --from "$SLEEPER" --kind net
  holder=$output
  for kind in net uts all; do
    run -125 ns hold "$NAME" --from "$SLEEPER" --kind "$kind"
    contains "$output" "is taken"
    contains "$output" "caisson ns rm"
  done
  kill -KILL "$holder"
  wait_for 5 sh -c "! [ -e /proc/$holder/fd/3 ]"
  run -125 ns rm "$NAME"
  contains "$output" "no namespace is called"
  run -125 ns hold "two-$ID" --from "net:$NAME"
  contains "$output" "no net namespace is called"
  ns hold "$NAME" --from "$SLEEPER" --kind uts
  ns rm "$NAME"
  no_trace
}

@test "of several at the same time one gets the name" {
  sleeper
  local tries=()
  for i in 1 2 3 4; do
    ns hold "$NAME" --from "$SLEEPER" --kind net >"$WORK/try$i" 2>&1 &
    tries+=($!)
  done
  wait "${tries[@]}" || true
  same "$(cat "$WORK"/try? | grep -c '^[0-9]*$')" 1
  same "$(cat "$WORK"/try? | grep -c 'is taken')" 3
  same "$(pgrep -c -f "^caisson: hold $NAME:")" 1
  ns rm "$NAME"
  no_trace
}

@test "rm of one kind keeps the others, by a new holder" {
  sleeper
  run -0 ns hold "$NAME" --from "$SLEEPER" --kind user --kind uts --kind net
  first=$output
  uts=$(inode "$SLEEPER" uts) user=$(inode "$SLEEPER" user)
  end "$SLEEPER"
  run -0 ns rm "net:$NAME"
  wait_for 5 sh -c "! [ -e /proc/$first ]"
  holder=$(pgrep -f "^caisson: hold $NAME: user uts$")
  same "$(stat -L -c %i "/proc/$holder/fd/3" "/proc/$holder/fd/4")" "$user"$'\n'"$uts"
  run -125 ns rm "net:$NAME"
  contains "$output" "it is of kind user uts"
  ns rm "$NAME"
  no_trace
}

@test "a hold of another pid namespace is told from a stale one, and ends with that" {
  person cp "$PROGRAM" "$HOME_OF/c"
  in_background unshare --user --map-root-user --pid --fork --kill-child --mount-proc sh -c "'$HOME_OF/c' --root '$STATE' ns hold $NAME --kind uts && exec sleep 1000"
  wait_for 5 grep -q . "$WORK/o"
  for command in "hold two-$ID --from uts:$NAME" "rm $NAME"; do
    # shellcheck disable=SC2086
    run -125 ns $command
    contains "$output" "its holder was made in another pid namespace"
  done
  kill -KILL "$RUNNER"
  free() { ! person "$PROGRAM" --root "$STATE" ns rm "$NAME" 2>&1 | grep -q "another pid namespace"; }
  wait_for 5 free
  ns hold "$NAME" --kind uts
  ns rm "$NAME"
  no_trace
}

@test "a record that names another process is not believed" {
  sleeper
  run -0 ns hold "$NAME" --from "$SLEEPER" --kind net
  record=$STATE/.holds/$NAME
  true=$(cat "$record")
  # The pid of another process, as after a reuse of pids; then with its own start time, as on a kernel without pidfs.
  jq -c ".pid = $SLEEPER" <<<"$true" >"$WORK/record"
  cat "$WORK/record" >"$record"
  run -125 ns hold "two-$ID" --from "net:$NAME"
  contains "$output" "its holder, process $SLEEPER, is gone"
  run -125 ns rm "$NAME"
  [ -e "/proc/$SLEEPER/ns/net" ]
  start=$(sed 's/.*) //' "/proc/$SLEEPER/stat" | cut -d' ' -f20)
  jq -c "del(.pidfdInode) | .pid = $SLEEPER | .startTime = $start | .namespaces[0].descriptor = 0" <<<"$true" >"$WORK/record"
  cat "$WORK/record" >"$record"
  run -125 ns hold "two-$ID" --from "net:$NAME"
  lacks "$output" $'\n/proc'
  echo "$true" >"$record"
  ns rm "$NAME"
  no_trace
}

@test "a hold that cannot be made leaves nothing" {
  sleeper
  for name in .x a/b 17 $'a\nb'; do run -125 ns hold "$name" --from "$SLEEPER"; done
  run -125 ns hold "$NAME" --from 2147483647
  contains "$output" "there is no process"
  run -125 ns hold "$NAME" --from "/proc/$SLEEPER/ns/uts" --kind net
  contains "$output" "is a uts namespace, not a net namespace"
  run -125 ns hold "$NAME" --kind nets
  contains "$output" "did you mean net"
  # No descriptor is free for the holder.
  run ! person sh -c "ulimit -n 9; exec '$PROGRAM' --root '$STATE' ns hold '$NAME' --from $SLEEPER" </dev/null
  run -1 pgrep -f "^caisson: hold $NAME:"
  no_trace
}

@test "the namespaces of another user's process are refused with a hint" {
  [ "$WHO" = user ] || skip "root may read them"
  run -125 ns hold "$NAME" --from 1 --kind net
  contains "$output" "open the net namespace of process 1"
  contains "$output" "can be opened by its user and by root"
  no_trace
}

@test "the state directory is the user's own" {
  if [ "$WHO" = user ]; then run -0 person env XDG_RUNTIME_DIR="$HOME_OF" "$PROGRAM" ns hold "$NAME"; else run -0 ns hold "$NAME"; fi
  [ "$WHO" = root ] || { [ -e "$HOME_OF/caisson/.holds/$NAME" ]; person env XDG_RUNTIME_DIR="$HOME_OF" "$PROGRAM" ns rm "$NAME"; }
  [ "$WHO" = user ] || ns rm "$NAME"
  person mkdir -p "$STATE" && chmod 0777 "$STATE"
  run -125 ns hold "$NAME"
  contains "$output" "can be written by others"
  same "$(find "$STATE" -mindepth 1)" ""
  rmdir "$STATE"
  mkdir "$WORK/foreign" && chown 12345 "$WORK/foreign" && ln -s "$WORK/foreign" "$STATE"
  run -125 ns hold "$NAME"
  same "$(find "$WORK/foreign" -mindepth 1)" ""
}
