# How the tests of `caisson` run it: as root, or in the *_as_user files as an ordinary user; in a work directory that this user owns.

people_setup() {
  [ -x "$CAISSON" ] || skip "no program at $CAISSON"
  case $BATS_TEST_FILENAME in *_as_user.bats) WHO=user ;; *) WHO=root ;; esac
  need_root
  [ "$WHO" = root ] || [ -n "${CAISSON_TEST_USER:-}" ] || skip "no ordinary user; run the whole folder"
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/cst.XXXXXX")
  chmod 0755 "$WORK"
  ID=cst-${WORK##*.}
  STATE=$WORK/state
  CLEANUPS=()
  PROGRAM=$WORK/caisson
  # Copies: an ordinary user cannot reach a tree below /root.
  cp "$CAISSON" "$PROGRAM"
  cp "$SUITE_LIB/pty_session.py" "$WORK/pty_session.py"
  HOME_OF=$WORK/home
  mkdir "$HOME_OF"
  [ "$WHO" = root ] || chown "$CAISSON_TEST_USER:" "$HOME_OF"
  cd "$HOME_OF" || return 1
}

# The state of a run that was killed is in the default place; it is named after the process.
people_teardown() {
  local entry
  for entry in /run/caisson/run-"${RUNNER:-none}"-* "/tmp/caisson-$(id -u "${CAISSON_TEST_USER:-root}")/run-${RUNNER:-none}"-*; do
    [ ! -e "$entry" ] || "$RUNTIME" --root "${entry%/*}" delete --force "${entry##*/}" >/dev/null 3>&-
  done
  suite_teardown
}

# mounts_of_its_own: from here on what this test runs is in a mount namespace that nobody else mounts in. Other tests mount and unmount on this machine
# meanwhile, in places that an ordinary user may not even reach.
mounts_of_its_own() {
  unshare --mount --propagation private sleep infinity 3>&- 4>&- &
  local holder=$!
  later kill -KILL "$holder"
  wait_for 10 in_namespace_of_its_own mnt "$holder"
  AROUND=(nsenter --mount="/proc/$holder/ns/mnt" --wdns=.)
}

in_namespace_of_its_own() { [ "$(cat "/proc/$2/comm")" = sleep ] && [ "$(ns_of "$1" "$2")" != "$(ns_of "$1")" ]; }

# person COMMAND...: as whom this file runs; with a clean environment.
AROUND=()
person() {
  local wrapper=(env -i PATH="$PATH" HOME="$HOME_OF" TERM=xterm CAISSON_NET="${CAISSON_NET:-}")
  [ "$WHO" = root ] || wrapper=(setpriv --reuid "$CAISSON_TEST_USER" --regid "$CAISSON_TEST_USER" --init-groups "${wrapper[@]}")
  "${AROUND[@]}" "${wrapper[@]}" "$@" 3>&- 4>&-
}

# in_background COMMAND...: the same with RUNNER as the pid of the command itself; output in WORK/o.
in_background() {
  rm -f "$WORK/o" && : >"$WORK/o" # of its own and there at once: who waits for its output sees neither that of the one before nor nothing
  local wrapper=(env -i PATH="$PATH" HOME="$HOME_OF" TERM=xterm CAISSON_NET="${CAISSON_NET:-}")
  [ "$WHO" = root ] || wrapper=(setpriv --reuid "$CAISSON_TEST_USER" --regid "$CAISSON_TEST_USER" --init-groups "${wrapper[@]}")
  "${AROUND[@]}" "${wrapper[@]}" "$@" </dev/null >"$WORK/o" 2>&1 3>&- 4>&- &
  RUNNER=$!
}

# box ARGS...: `caisson run ARGS` without a terminal and without input.
box() { person "$PROGRAM" run "$@" </dev/null; }

# small_root DIR: a busybox root that the person owns.
small_root() {
  busybox_root "$1"
  [ "$WHO" = root ] || chown -hR "$CAISSON_TEST_USER:" "$1"
}

ns_kinds() { local kind; for kind in user pid net ipc uts mnt cgroup time; do [ ! -e "/proc/self/ns/$kind" ] || echo "$kind"; done; }
