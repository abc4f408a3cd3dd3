#!/usr/bin/env bats
# `unshare` beside util-linux's: the same invocations show the same. The file unshare_peer_as_user.bats is a link to this one: as an
# ordinary user.
load ../lib/suite
load people
load faces

setup() {
  people_setup
  face unshare
}
teardown() { people_teardown; }

# Flags for a person who needs a user namespace to make any other.
own() { if [ "$WHO" = user ]; then echo -r; fi; }

@test "each kind of namespace, alone and together" {
  for letter in m u i n C; do as_peer $(own) "-$letter" "$PROBE"; done
  as_peer $(own) -p -f "$PROBE"
  as_peer -U "$PROBE"
  as_peer -r -m -u -i -n -p -C -f --mount-proc "$PROBE"
  contains "$seen" "pid 1"
  for long in mount uts ipc net cgroup; do as_peer $(own) "--$long" "$PROBE"; done
  as_peer $(own) --pid --fork "$PROBE"
}

@test "no option at all starts the program as it is" {
  as_peer "$PROBE" one "two words" ""
  lacks "$seen" other
}

@test "--pid without --fork" {
  as_peer $(own) -p "$PROBE"
  as_peer $(own) -p sh -c '(:); (:)'
}

@test "--time and its clocks" {
  need_file /proc/self/ns/time
  as_peer $(own) -T -f "$PROBE"
  as_peer $(own) -T -f --monotonic 1000 --boottime=2000 "$PROBE"
  contains "$seen" "timens_offsets boottime"
  as_peer $(own) -T -f --boottime -1 "$PROBE"
  as_peer $(own) -T --boottime 5000 "$PROBE"
  as_peer $(own) -T --boottime -99999999999 true
  as_peer $(own) -T --monotonic x true
}

@test "maps of one id" {
  as_peer -r "$PROBE"
  as_peer -c "$PROBE"
  as_peer --map-user=7 "$PROBE"
  as_peer --map-group=8 "$PROBE"
  as_peer --map-user=daemon --map-group=daemon "$PROBE"
  as_peer --map-root-user --map-current-user "$PROBE"
  as_peer -c -r "$PROBE"
  as_peer -rf "$PROBE"
}

@test "setgroups" {
  as_peer -U --setgroups deny "$PROBE"
  as_peer -U --setgroups=allow "$PROBE"
  as_peer -U --setgroups=maybe true
}

@test "keep-caps" {
  as_peer -c --keep-caps "$PROBE"
  as_peer -r --keep-caps "$PROBE"
  as_peer --keep-caps "$PROBE"
}

@test "propagation" {
  for word in private shared slave unchanged; do
    as_peer $(own) -m --propagation "$word" "$PROBE"
    as_peer $(own) --mount-proc -pf --propagation "$word" "$PROBE"
  done
  as_peer $(own) -n --propagation shared "$PROBE"
  as_peer -m --propagation other true
}

@test "root and working directory" {
  small_root "$HOME_OF/root"
  mkdir -p "$HOME_OF/root/tmp" && cp "$PROBE" "$HOME_OF/root/probe"
  as_peer $(own) -R "$HOME_OF/root" sh -c 'pwd; ls /'
  as_peer $(own) --root="$HOME_OF/root" --wd=/tmp sh -c 'pwd'
  as_peer $(own) -w /usr/bin pwd
  as_peer $(own) -m -pf -R "$HOME_OF/root" --mount-proc sh -c 'pwd; echo $$; ls -d /proc/[0-9]*'
  as_peer -w /usr pwd
}

@test "mount-proc elsewhere" {
  mkdir "$HOME_OF/proc"
  as_peer $(own) -pf --mount-proc="$HOME_OF/proc" sh -c 'ls -d proc/1 proc/2'
}

@test "statuses of programs, and of those that cannot be started" {
  as_peer sh -c 'exit 7'
  as_peer -f sh -c 'exit 7'
  as_peer nothing-of-this-name
  as_peer -f nothing-of-this-name
  as_peer ./nothing
  as_peer /etc/passwd
  as_peer -f /
  as_peer ""
  printf 'echo a script without a first line: $0 $1\n' >"$HOME_OF/script"
  chmod 755 "$HOME_OF/script"
  as_peer "$HOME_OF/script" x
  as_peer ./script y
}

@test "a program that a signal ends" {
  for signal in TERM INT USR1; do
    as_peer -f sh -c "kill -$signal \$\$"
    as_peer -f sh -c "trap 'exit 3' $signal; kill -$signal \$\$"
  done
  as_peer sh -c 'kill -KILL $$'
  run -137 person "$FACE" -f sh -c 'kill -KILL $$'  # 2.38 fails to unblock KILL and returns 1
}

@test "the parent of --fork is deaf to INT and TERM, and its child is not" {
  for program in "$PEER" "$FACE"; do
    in_background "$program" -f sh -c 'echo up; while :; do sleep 0.05; [ ! -e go ] || exit 4; done'
    wait_for 5 grep -q up "$WORK/o"
    kill -INT "$RUNNER"
    kill -TERM "$RUNNER"
    sleep 0.1
    kill -0 "$RUNNER"
    touch "$HOME_OF/go"
    status=0; wait "$RUNNER" || status=$?
    same "$program $status" "$program 4"
    rm "$HOME_OF/go"
  done
}

@test "the signal mask and ignored signals are the caller's" {
  printf 'trap "" HUP CHLD USR2; exec "$@"\n' >"$HOME_OF/ignore"
  for program in "$PEER" "$FACE"; do
    for flags in -- -f "-r -p -f"; do
      person sh "$HOME_OF/ignore" "$program" $flags grep -E 'Sig(Blk|Ign)' /proc/self/status
    done >"$WORK/masks"
    same "$(wc -l <"$WORK/masks")" 6
    [ -e "$WORK/masks.peer" ] || mv "$WORK/masks" "$WORK/masks.peer"
  done
  same "$(cat "$WORK/masks")" "$(cat "$WORK/masks.peer")"
}

@test "kill-child" {
  as_peer --kill-child sh -c 'exit 5'
  as_peer --kill-child=TERM sh -c 'exit 5'
  as_peer --kill-child=SIGUSR1 sh -c 'exit 5'
  as_peer --kill-child=NONE true
  for program in "$PEER" "$FACE"; do
    in_background "$program" --kill-child=USR1 sh -c 'trap "echo got >got; exit" USR1; echo up; while :; do sleep 0.05; done'
    wait_for 5 grep -q up "$WORK/o"
    kill -KILL "$RUNNER"
    wait "$RUNNER" || true
    wait_for 5 test -e "$HOME_OF/got"
    rm "$HOME_OF/got"
  done
}

@test "a shell is started when no program is named, as a login shell" {
  printf 'echo "name $0"; pwd\n' >"$WORK/commands"
  for shell in /bin/sh /bin/bash; do
    for program in "$PEER" "$FACE"; do
      run -0 person env "SHELL=$shell" "$program" -r <"$WORK/commands"
      same "${lines[0]}" "name -${shell##*/}"
    done
  done
  INPUT=$WORK/commands
  run -0 seen_by "$FACE"  # by passwd; 2.38 has /bin/sh for everybody
  contains "$output" "name -bash"
}

@test "a wrong command line" {
  as_peer --no-such-option
  as_peer -Z
  as_peer --wd
  as_peer -S x true
  as_peer -G x true
  as_peer --fork=1 true
}

@test "options end at the program" {
  as_peer echo -f --fork
  as_peer -f -- echo -f
}

@test "refusals" {
  as_peer -R /no/such/directory true
  as_peer -m --mount-proc=/no/such/directory true
  [ "$WHO" = root ] || as_peer -m true
  [ "$WHO" = root ] || as_peer -r -G 0 true
}

@test "subordinate ids" {
  [ "$WHO" = user ] || skip "root has none here"
  as_peer --map-auto "$PROBE"
  as_peer --map-users=auto "$PROBE"
  as_peer --map-groups=auto "$PROBE"
  as_peer --map-auto -S 0 "$PROBE"
}

@test "ranges" {
  [ "$WHO" = user ] || skip "2.38 lets newuidmap decide about root too"
  first=$(awk -F: -v user="$CAISSON_TEST_USER" '$1 == user {print $2; exit}' /etc/subuid)
  as_peer --map-users="$first,0,1000" --map-groups="$first,0,1000" "$PROBE"
  as_peer --map-users="$first,0,1000" -r "$PROBE"
  as_peer --map-users="$first,0,1000" --map-user=500 "$PROBE"
  contains "$seen" 501
}
