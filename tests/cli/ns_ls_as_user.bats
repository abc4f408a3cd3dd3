#!/usr/bin/env bats
# The same as an ordinary user, who sees his own namespaces and is told that there are others.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

@test "ls finds one's own namespaces and tells how many processes may not be looked at" {
  person unshare --user --map-root-user --net sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  runner=$!
  CLEANUPS+=("kill $runner; wait $runner")
  until [ "$(cat /proc/$runner/comm)" = sleep ]; do sleep 0.01; done
  run -0 person "$PROGRAM" ns ls --pid $runner --kind net --no-headings --columns NS,PROCS,PID,OWNER
  contains "$(tr -s ' ' <<<"$output")" "$(stat -Lc %i /proc/$runner/ns/net) 1 $runner $(stat -Lc %i /proc/$runner/ns/user)"
  contains "$output" "may not be looked at"
}

@test "tree shows one's own user namespaces below the first" {
  person unshare --user --map-root-user --net sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  runner=$!
  CLEANUPS+=("kill $runner; wait $runner")
  until [ "$(cat /proc/$runner/comm)" = sleep ]; do sleep 0.01; done
  run -0 person "$PROGRAM" ns tree --kind user --json
  same "$(jq -r '.user[0].children[] | select(.namespace == "user:['"$(stat -Lc %i /proc/$runner/ns/user)"']") | .children[0].namespace' <<<"$output")" \
    "net:[$(stat -Lc %i /proc/$runner/ns/net)]"
}
