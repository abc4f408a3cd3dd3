#!/usr/bin/env bats
# `caisson ns pin` for an ordinary user: pins are mounts, so they need a user namespace; outside of one there is `caisson ns hold`.
load ../lib/suite
load people

setup() {
  people_setup
  STATE=$HOME_OF/state
  NAME=lab-$ID
}
teardown() { people_teardown; }

ns() { person "$PROGRAM" --root "$STATE" ns "$@" </dev/null; }

@test "a user who may not mount is told of hold, and nothing is left" {
  for kind in uts net all; do
    run -125 ns pin "$NAME" --from "$$" --kind "$kind"
    [ ! -e "$STATE" ]
  done
  in_background sleep 1000
  later kill "$RUNNER"
  wait_for 5 grep -q sleep "/proc/$RUNNER/comm"
  run -125 ns pin "$NAME" --from "$RUNNER" --kind uts
  contains "$output" "Operation not permitted"
  contains "$output" "caisson ns hold $NAME"
  [ ! -e "$STATE" ]
}

@test "in a user namespace of his own he pins what it owns" {
  cat >"$HOME_OF/inside" <<'EOF'
set -e
unshare --uts --mount sleep 1000 &
until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done
"$1" --root "$2" ns pin "$3" --from $! --kind uts --kind mnt
kill $!
wait $! 2>/dev/null || true
nsenter --uts="$2/.ns/uts/$3" --mount="$2/.ns/mnt/$3" true && echo entered
"$1" --root "$2" ns rm "$3"
ls -A "$2"
EOF
  # One processor: Linux 6.18 numbers namespaces per processor, and pins a mount namespace only in one with a lower number.
  one=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)
  run -0 person taskset --cpu-list "$one" unshare --user --map-root-user --mount bash "$HOME_OF/inside" "$PROGRAM" "$STATE" "$NAME"
  same "$output" "$STATE/.ns/uts/$NAME"$'\n'"$STATE/.ns/mnt/$NAME"$'\n'"entered"
}

@test "a name of ip netns that belongs to root is not removed" {
  command -v ip >/dev/null || skip "no iproute2"
  unshare --mount --propagation private bash -c '
    mount -t tmpfs tmpfs /run && mkdir /run/lock && ip netns add "$2" && chmod 755 /run && cd /
    setpriv --reuid "$3" --regid "$3" --clear-groups "$1" --root "$4" ns rm "$2"; echo status $?; ip netns list' \
    - "$PROGRAM" "$NAME" "$CAISSON_TEST_USER" "$STATE" >"$WORK/o" 2>&1
  contains "$(cat "$WORK/o")" "unmount /run/netns/$NAME: Operation not permitted"
  contains "$(cat "$WORK/o")" "status 125"
  same "$(tail -n 1 "$WORK/o")" "$NAME"
}
