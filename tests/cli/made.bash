# Processes in namespaces that a test makes. NEW: what an ordinary user needs before any other option of unshare(1).

NEW=()
case ${BATS_TEST_FILENAME:-} in *_as_user.bats) NEW=(--user --map-root-user) ;; esac

# made COMMAND...: runs it, which ends in `sleep 60`, in the background; MADE is the pid of the innermost of its processes that a line of children leads to, once
# that sleeps.
made() {
  in_background "$@"
  later end_line "$RUNNER"
  MADE=$RUNNER
  wait_for 10 settled
}

# made_container COMMAND...: a container of `caisson run`; MADE is its first process, once that is the command.
made_container() {
  in_background "$PROGRAM" run -- "$@"
  later end_line "$RUNNER"
  wait_for 10 container_runs "$1"
}

# The runner has other children meanwhile: newuidmap, newgidmap, and the holder of a user namespace.
container_runs() {
  MADE=$(pgrep -P "$RUNNER" -x -- "$1") && [[ $MADE != *[!0-9]* ]]
}

settled() {
  local child
  MADE=$RUNNER
  until [[ "$(ps -o comm=,args= -p "$MADE" 2>/dev/null)" = sleep*60 ]]; do
    child=$(pgrep -P "$MADE" 2>/dev/null | head -n 1)
    [ -n "$child" ] || return 1
    MADE=$child
  done
}

# end_line PID: it and all that descends from it.
end_line() {
  local child children
  children=$(pgrep -P "$1" || true)
  kill -KILL "$1" 2>/dev/null || true
  for child in $children; do end_line "$child"; done
}
