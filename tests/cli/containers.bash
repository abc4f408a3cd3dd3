# For tests of containers that outlive the command: each in a state root of the test's own, on a busybox root. Needs people.bash.

containers_setup() {
  people_setup
  STATE=$HOME_OF/state
  ROOT=$HOME_OF/root
  NAME=$ID
  small_root "$ROOT"
}
containers_teardown() {
  [ -z "${STATE:-}" ] || c ps -aq --no-trunc 2>/dev/null | while read -r id; do c rm -f "$id" >/dev/null 2>&1; done
  people_teardown
}

c() { person "$PROGRAM" --root "$STATE" "$@" </dev/null; }
