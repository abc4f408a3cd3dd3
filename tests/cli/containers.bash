# For tests of containers that outlive the command: each in a state root of the test's own, on a busybox root. Needs people.bash.

containers_setup() {
  people_setup
  STATE=$HOME_OF/state
  ROOT=$HOME_OF/root
  NAME=$ID
  small_root "$ROOT"
}
# The same for containers of images, in a store of the test's own; MAKER makes them.
images_setup() {
  people_setup
  STATE=$HOME_OF/state
  MAKER="$PYTHON $WORK/image_maker.py"
  cp "$BATS_TEST_DIRNAME/image_maker.py" "$WORK/"
  c() { person env CAISSON_STORE="$HOME_OF/store" "$PROGRAM" --root "$STATE" "$@" </dev/null; }
}
containers_teardown() {
  [ -z "${STATE:-}" ] || c ps -aq --no-trunc 2>/dev/null | while read -r id; do c rm -f "$id" >/dev/null 2>&1; done
  people_teardown
}

c() { person "$PROGRAM" --root "$STATE" "$@" </dev/null; }
