#!/usr/bin/env bats
# `lsns` of caisson against that of util-linux on the same namespaces, and what only caisson's does.
load ../lib/suite
load people
load lsns

setup() { people_setup; lsns_setup; }
teardown() { people_teardown; }

@test "the face accepts what lsns accepts, and answers the same" { answers_the_same; }
@test "columns, trees and JSON are those of lsns" { prints_the_same; }

@test "-Q filters lines by their columns, also by those that are not shown" {
  stand --uts
  run -0 person "$OURS" -n -o NS -Q "PID == $STANDING and TYPE =~ '^ut'"
  same "$output" "$(stat -Lc %i /proc/$STANDING/ns/uts)"
  run -1 person "$OURS" -Q 'FOO == 1'
  same "$output" "lsns: unknown column: FOO"
  run -1 person "$OURS" -Q 'PID =='
  contains "$output" 'lsns: failed to parse "PID ==": '
}

@test "-H lists the columns; exclusive options are refused as lsns refuses them" {
  run -0 person "$OURS" -H
  matches "${lines[0]}" '^ *NS <integer> '
  run -0 person "$OURS" -H -J
  same "$(jq -r '."lsns-columns"[4].holder' <<<"$output")" PID
  run -1 person "$OURS" -J -r
  same "$output" "lsns: mutually exclusive arguments: --json --raw"
  run -1 person "$OURS" -l -T
  same "$output" "lsns: mutually exclusive arguments: --list --tree"
  run -1 person "$OURS" -P -p 1
  same "$output" "lsns: mutually exclusive arguments: --persistent --task"
}

@test "a column that is too wide is cut at a terminal, unless -u" {
  stand --uts --mount
  wide="exec -a $(printf 'x%.0s' {1..300}) sleep 600"
  unshare --uts bash -c "$wide" </dev/null >/dev/null 2>&1 3>&- 4>&- &
  pid=$!
  CLEANUPS+=("kill $pid; wait $pid")
  until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
  cut=$(script -qec "stty cols 70; '$OURS' -t uts -p $pid" /dev/null | tr -d '\r' | tail -n 1)
  [ "${#cut}" -eq 70 ]
  whole=$(script -qec "stty cols 70; '$OURS' -u -t uts -p $pid" /dev/null | tr -d '\r' | tail -n 1)
  [ "${#whole}" -gt 300 ]
}

@test "the same as caisson lsns, with its errors told by caisson" {
  run -0 person "$PROGRAM" lsns -t uts -o NS,TYPE
  contains "$output" "uts"
  run -1 person "$PROGRAM" lsns -t foo
  same "$output" "caisson: unknown namespace type: foo"
}

@test "a namespace that no process is in has the user of its owner, whichever kinds are listed" {
  touch "$WORK/net" "$WORK/theirs"
  unshare --net mount --bind /proc/self/ns/net "$WORK/net"
  later umount "$WORK/net"
  setpriv --reuid 65534 --clear-groups unshare --user --net sleep 60 </dev/null >/dev/null 2>&1 3>&- &
  later kill -KILL $!
  wait_for 5 sh -c "[ \$(readlink /proc/$!/ns/net) != \$(readlink /proc/self/ns/net) ]"
  mount --bind "/proc/$!/ns/net" "$WORK/theirs"
  later umount "$WORK/theirs"
  kill -KILL $!
  wait_for 5 sh -c "! [ -e /proc/$!/ns/net ]"
  for kinds in "--type net" ""; do
    run -0 "$OURS" -n -r $kinds -o TYPE,NPROCS,USER,UID -Q "NS == $(stat -Lc %i "$WORK/net")"
    same "$output" "net 0 root 0"
    run -0 "$OURS" -n -r $kinds -o TYPE,NPROCS,UID -Q "NS == $(stat -Lc %i "$WORK/theirs")"
    same "$output" "net 0 65534"
  done
}
