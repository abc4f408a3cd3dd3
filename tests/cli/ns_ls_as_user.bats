#!/usr/bin/env bats
# The same as an ordinary user, who sees his own namespaces and is told that there are others.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

# A process of the user in namespaces of its own, as RUNNER.
stand() {
  in_background unshare --user --map-root-user --net sleep 600
  CLEANUPS+=("kill $RUNNER; wait $RUNNER")
  until [ "$(cat /proc/$RUNNER/comm)" = sleep ]; do sleep 0.01; done
}

@test "ls finds one's own namespaces and tells how many processes may not be looked at" {
  stand
  run -0 person "$PROGRAM" ns ls --pid $RUNNER --kind net --no-headings --columns NS,PROCS,PID,OWNER
  contains "$(tr -s ' ' <<<"$output")" "$(stat -Lc %i /proc/$RUNNER/ns/net) 1 $RUNNER $(stat -Lc %i /proc/$RUNNER/ns/user)"
  contains "$output" "may not be looked at"
}

@test "tree shows one's own user namespaces below the first" {
  stand
  run -0 person "$PROGRAM" ns tree --kind user --json
  same "$(jq -r '.user[0].children[] | select(.namespace == "user:['"$(stat -Lc %i /proc/$RUNNER/ns/user)"']") | .children[0].namespace' <<<"$output")" \
    "net:[$(stat -Lc %i /proc/$RUNNER/ns/net)]"
}
