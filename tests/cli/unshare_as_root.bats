#!/usr/bin/env bats
# `caisson unshare` where Debian's unshare is too old to compare with, or where ours says more. The file unshare_as_user.bats is a link
# to this one: as an ordinary user.
load ../lib/suite
load people
load faces

setup() {
  people_setup
  face unshare
}
teardown() { people_teardown; }

own() { if [ "$WHO" = user ]; then echo -r; fi; }
unshare() { person "$FACE" "$@" </dev/null; }
native() { person "$PROGRAM" unshare "$@" </dev/null; }
# The first subordinate id of the person; root writes any map itself.
first_id() {
  if [ "$WHO" = root ]; then echo 500000; else awk -F: -v user="$CAISSON_TEST_USER" '$1 == user {print $2; exit}' /etc/subuid; fi
}
map_of() { awk '{print $1 ":" $2 ":" $3}' <<<"$output" | paste -sd' '; }
euid() { if [ "$WHO" = root ]; then echo 0; else id -u "$CAISSON_TEST_USER"; fi; }

@test "ranges in both forms, several of them, in their order" {
  first=$(first_id)
  run -0 unshare --map-users="0:$first:100" --map-users="$((first + 200)),200,10" cat /proc/self/uid_map
  same "$(map_of)" "0:$first:100 200:$((first + 200)):10"
  run -0 unshare --map-groups="0:$first:100" cat /proc/self/gid_map
  same "$(map_of)" "0:$first:100"
}

@test "a range is cut around the own id, and one that only touches it stays whole" {
  first=$(first_id)
  me=$(euid)
  run -0 unshare --map-users="0:$first:1000" --map-user=0 cat /proc/self/uid_map
  same "$(map_of)" "0:$me:1 1:$first:999"
  run -0 unshare --map-users="0:$first:1000" --map-user=500 cat /proc/self/uid_map
  same "$(map_of)" "500:$me:1 0:$first:500 501:$((first + 500)):499"
  run -0 unshare --map-users="0:$first:1000" --map-user=1000 cat /proc/self/uid_map
  same "$(map_of)" "1000:$me:1 0:$first:1000"
}

@test "a map that overlaps is refused" {
  first=$(first_id)
  run -1 unshare --map-users="0:$first:10" --map-users="5:$((first + 100)):10" true
  contains "$output" "Invalid argument"
}

@test "words that are no map" {
  for word in x 1:2 1:2:3:4 0:0:99999999999 -1:0:1; do
    run -1 unshare --map-users="$word" true
    contains "$output" "invalid mapping '$word'"
  done
}

@test "all maps every id of the caller to itself" {
  if [ "$WHO" = user ]; then
    run ! unshare --map-users=all true
    contains "$output" newuidmap
  else
    run -0 unshare --map-users=all --map-groups=all cat /proc/self/uid_map
    same "$(map_of)" "$(awk '{print $1 ":" $1 ":" $3}' /proc/self/uid_map)"
  fi
}

@test "subordinate ids: from 0 on, or as themselves" {
  if [ "$WHO" = root ]; then
    run -1 unshare --map-auto true
    contains "$output" "/etc/subuid"
    return
  fi
  first=$(first_id)
  run -0 unshare --map-auto -r cat /proc/self/uid_map
  same "$(map_of)" "0:$(euid):1 1:$first:65536"
  run -0 unshare --map-subids cat /proc/self/uid_map
  same "$(map_of)" "$first:$first:65536"
  run -0 unshare --map-users=subids --map-groups=subids -c cat /proc/self/gid_map
  contains "$(map_of)" ":65536"
  run -0 unshare --map-auto -r -S 5 -G 6 sh -c 'id -u; id -g; id -G'
  same "$output" $'5\n6\n6'
}

@test "--setgroups=deny beside a map of the own group is no contradiction, allow is" {
  run -0 unshare -r --setgroups=deny cat /proc/self/setgroups
  same "$output" deny
  run -1 unshare -r --setgroups=allow true
  contains "$output" "mutually exclusive"
}

@test "--clear-env and --whitelist-env" {
  run -0 env A=1 B=2 SECRET=3 "$FACE" --clear-env /usr/bin/env </dev/null 3>&-
  same "$output" ""
  run -0 env A=1 B=2 SECRET=3 "$FACE" --whitelist-env B,A,NOT_SET,B /usr/bin/env </dev/null 3>&-
  same "$output" $'B=2\nA=1'
  run -0 env A=1 B=2 "$FACE" --whitelist-env A --whitelist-env B /usr/bin/env </dev/null 3>&-
  same "$output" $'A=1\nB=2'
  # The program is looked up in the PATH that is left.
  run -0 env PATH=/nowhere "$FACE" --clear-env true </dev/null 3>&-
  run -127 env PATH=/nowhere "$FACE" --whitelist-env PATH true </dev/null 3>&-
}

@test "--forward-signals passes TERM and INT on" {
  for signal in TERM INT; do
    in_background "$FACE" --forward-signals sh -c "trap 'exit 5' $signal; echo up; while :; do sleep 0.02; done"
    wait_for 5 grep -q up "$WORK/o"
    kill "-$signal" "$RUNNER"
    status=0; wait "$RUNNER" || status=$?
    same "$signal $status" "$signal 5"
  done
}

@test "--forward-signals: the parent dies of the signal that its child died of" {
  in_background "$FACE" --forward-signals sh -c 'echo up; while :; do sleep 0.02; done'
  wait_for 5 grep -q up "$WORK/o"
  kill -TERM "$RUNNER"
  status=0; wait "$RUNNER" || status=$?
  same "$status" 143
}

@test "--fork leaves the parent in the new namespaces, where others find it by its pid" {
  in_background "$FACE" -r -n -u -p -f sh -c 'echo up; while :; do sleep 0.05; done'
  wait_for 5 grep -q up "$WORK/o"
  for kind in user net uts; do
    [ "$(readlink "/proc/$RUNNER/ns/$kind")" != "$(ns_of "$kind")" ]
    same "$(readlink "/proc/$RUNNER/ns/$kind")" "$(readlink "/proc/$(pgrep -P "$RUNNER")/ns/$kind")"
  done
  same "$(readlink "/proc/$RUNNER/ns/pid")" "$(ns_of pid)"
  kill -KILL "$(pgrep -P "$RUNNER")"
  status=0; wait "$RUNNER" || status=$?
  same "$status" 137
}

@test "a failure of the child ends with its own message and status 1" {
  for flags in "" -f; do
    run -1 unshare $(own) -m $flags -R /no/such/directory true
    same "$output" "unshare: cannot change root directory to '/no/such/directory': No such file or directory"
  done
}

@test "--mount-binfmt and --load-interp" {
  run person "$FACE" -rpf --mount-binfmt true </dev/null
  [ "$status" = 0 ] || skip "this kernel has no binfmt_misc of a user namespace: $output"
  run -0 unshare -rpf --mount-binfmt sh -c 'cat /proc/sys/fs/binfmt_misc/status; echo $$'
  same "$output" $'enabled\n1'
  run -0 unshare -rpf --load-interp ":cst:M::CSTCST::$(command -v cat):" sh -c 'cat /proc/sys/fs/binfmt_misc/cst'
  contains "$output" "interpreter $(command -v cat)"
  printf 'CSTCST and more\n' >"$HOME_OF/document"
  chmod 755 "$HOME_OF/document"
  run -0 unshare -rpf -l ":cst:M::CSTCST::$(command -v cat):" "$HOME_OF/document"
  same "$output" "CSTCST and more"
  mkdir "$HOME_OF/binfmt"
  run -0 unshare -rpf --mount-binfmt="$HOME_OF/binfmt" sh -c 'cat binfmt/status'
  same "$output" enabled
}

@test "an interpreter with the flag F is the one outside of a new root" {
  small_root "$HOME_OF/root"
  run person "$FACE" -rpf --mount-binfmt true </dev/null
  [ "$status" = 0 ] || skip "this kernel has no binfmt_misc of a user namespace"
  cp "$(busybox_binary)" "$HOME_OF/cat"
  printf 'CSTCST inside\n' >"$HOME_OF/root/document"
  chmod 755 "$HOME_OF/root/document"
  run -0 unshare -rpf -R "$HOME_OF/root" -l ":cst:M::CSTCST::$HOME_OF/cat:F" /document
  same "$output" "CSTCST inside"
}

@test "caisson unshare: status 125 and a hint, the face: status 1 and none" {
  run -125 native -U -S 5 true
  contains "$output" "setuid() failed: Invalid argument"
  contains "$output" "hint: user 5 is not mapped"
  run -1 unshare -U -S 5 true
  same "$output" "unshare: setuid() failed: Invalid argument"
  run -127 native /nothing-of-this-name
  touch "$HOME_OF/was not found"
  run -126 native "$HOME_OF/was not found"
  run -125 native -r -G 0 true
  contains "$output" "--map-groups"
}

@test "caisson unshare: --pid without --fork is noted, with it is not" {
  run -0 native $(own) -p true
  contains "$output" "add --fork"
  run -0 native $(own) -pf true
  same "$output" ""
  run -0 unshare $(own) -p true
  same "$output" ""
}

@test "caisson unshare: hints for procfs" {
  run -125 native -r --mount-proc true
  contains "$output" "--pid --fork"
  # A mask below /proc is inherited and cannot be taken away inside.
  run -125 unshare_masked
  contains "$output" "too revealing"
  contains "$output" /proc/fs
}
unshare_masked() {
  person "$FACE" -r -m -p -f sh -c 'mount -t tmpfs none /proc/fs && "$@"' - "$PROGRAM" unshare -U -r -m -p -f --mount-proc true </dev/null
}

@test "caisson unshare: hints for limits" {
  run -125 person "$FACE" -r sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces && exec "$@"' - "$PROGRAM" unshare -u true </dev/null
  contains "$output" "No space left on device"
  contains "$output" "/proc/sys/user/max_uts_namespaces is 0"
}

@test "caisson unshare: hints for who has no privilege" {
  [ "$WHO" = user ] || skip "root has it"
  run -125 native -m true
  contains "$output" "--map-root-user"
}

@test "version and help of the face" {
  run -0 unshare --version
  contains "$output" unshare
  run -0 unshare -V
  run -0 unshare --help
  contains "$output" "Usage: unshare"
  run -0 native --version
  contains "$output" "caisson version"
}

@test "every option of unshare --help is in its manual page" {
  run -0 native --help
  page=$(sed 's/\\-/-/g' "$SUITE_TREE/man/caisson-unshare.1")
  for option in $(grep -oE '(^|[ ,])--[a-z][a-z-]+' <<<"$output" | tr -d ' ,' | sort -u); do contains "$page" "$option"; done
}
