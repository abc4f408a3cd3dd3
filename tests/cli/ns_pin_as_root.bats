#!/usr/bin/env bats
# `caisson ns pin`, `hold` and `rm` for root, on a machine of their own: a mount and a network namespace with an empty /run, so that
# /run/netns is nobody else's. The names carry the test's id, by which the teardown finds holders.
load ../lib/suite
load people

setup() {
  people_setup
  command -v ip >/dev/null || skip "no iproute2"
  # One processor: Linux 6.18 numbers namespaces per processor, and pins a mount namespace only in one with a lower number.
  ONE=(taskset --cpu-list "$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)")
  "${ONE[@]}" unshare --mount --net --propagation private sh -c 'umount /run/netns 2>/dev/null; mount -t tmpfs tmpfs /run && mkdir /run/lock && echo up && exec sleep 1000' >"$WORK/machine" 2>&1 3>&- &
  MACHINE=$!
  later kill "$MACHINE"
  wait_for 5 grep -q up "$WORK/machine"
  on grep nsfs /proc/self/mountinfo >"$WORK/others" || true  # of tests beside this one: the machine has copies
  NAME=lab-$ID
}
teardown() { people_teardown; }

# on COMMAND...: on that machine.
on() { nsenter --target "$MACHINE" --mount --net -- "$@" 3>&- 4>&-; }
ns() { on env -i PATH="$PATH" "$PROGRAM" --root "$STATE" ns "$@" </dev/null; }
# sleeper FLAGS...: a process in new namespaces; SLEEPER is its pid.
sleeper() {
  : >"$WORK/sleeper"
  nsenter --target "$MACHINE" --mount --net "${ONE[@]}" unshare "$@" sh -c 'echo up; exec sleep 1000' >"$WORK/sleeper" 2>/dev/null 3>&- 4>&- &
  SLEEPER=$!
  later kill "$SLEEPER"
  wait_for 5 grep -q up "$WORK/sleeper"
  case " $* " in *" --fork "*) SLEEPER=$(pgrep -P "$SLEEPER") ;; esac
  wait_for 5 grep -q sleep "/proc/$SLEEPER/comm"
}
# Until it is reaped: a first process that has let go of its namespaces still counts as there.
end() { kill -KILL "$1" && wait_for 5 sh -c "! [ -e /proc/$1 ]"; }
inode() { stat -L -c %i "/proc/$1/ns/$2"; }
of_file() { on stat -c %i "$1"; }
no_trace() {
  [ ! -d "$STATE" ] || same "$(on find "$STATE" -mindepth 1)" ""
  same "$(on grep -e nsfs -e "$STATE" /proc/self/mountinfo | grep -vxFf "$WORK/others")" ""
}

@test "a pinned network namespace outlives its process, for ip netns and nsenter too" {
  sleeper --net
  number=$(inode "$SLEEPER" net)
  run -0 ns pin "$NAME" --from "$SLEEPER" --kind net
  same "$output" "/run/netns/$NAME"
  end "$SLEEPER"
  same "$(of_file "/run/netns/$NAME")" "$number"
  run -0 on ip netns list
  contains "$output" "$NAME"
  run -0 on ip netns exec "$NAME" readlink /proc/self/ns/net
  same "$output" "net:[$number]"
  run -0 on nsenter --net="/run/netns/$NAME" readlink /proc/self/ns/net
  same "$output" "net:[$number]"
  on ip netns del "$NAME"
  run -125 ns rm "$NAME"
  contains "$output" "no namespace is called"
  no_trace
}

@test "names of ip netns are taken, found and removed" {
  on ip netns add "$NAME"
  run -125 ns pin "$NAME" --from "$MACHINE" --kind net
  contains "$output" "is taken"
  contains "$output" "/run/netns/$NAME"
  run -0 ns pin "$NAME" --from "$MACHINE" --kind uts
  run -125 ns pin "other-$ID" --from "$NAME"
  contains "$output" "names 2 namespaces"
  number=$(of_file "/run/netns/$NAME")
  run -0 ns pin "other-$ID" --from "net:$NAME"
  same "$(of_file "/run/netns/other-$ID")" "$number"
  run -0 ns rm "net:$NAME"
  same "$output" "net:[$number] lives on: mounted on \"/run/netns/other-$ID\""
  run -0 on ip netns list
  same "$output" "other-$ID"
  ns rm "$NAME" "other-$ID"
  no_trace
}

@test "/run/netns is shared as ip netns makes it, and the directory of the other kinds is private below a shared mount" {
  on mount --make-shared /tmp 2>/dev/null || on mount --bind /tmp /tmp
  on mount --make-shared /tmp
  sleeper --net --uts
  ns pin "$NAME" --from "$SLEEPER" --kind net --kind uts
  run -0 on grep -E " $STATE/.ns | /run/netns " /proc/self/mountinfo
  same "${#lines[@]}" 2
  for line in "${lines[@]}"; do
    case $line in */.ns\ *) lacks "$line" shared: ;; *) contains "$line" shared: ;; esac
  done
  on ip netns add "two-$ID"
  run -0 on grep -c " /run/netns " /proc/self/mountinfo
  same "$output" 1
  ns rm "$NAME" "two-$ID"
  on umount -l /tmp
}

@test "every kind can be pinned and is the same namespace afterwards" {
  sleeper --net --uts --ipc --cgroup --user --time --mount
  kinds=$(ns_kinds)
  for kind in $kinds; do echo "$kind $(inode "$SLEEPER" "$kind")"; done >"$WORK/before"
  run -0 ns pin "$NAME" --from "$SLEEPER" --kind all
  same "${#lines[@]}" "$(wc -l <"$WORK/before")"
  end "$SLEEPER"
  while read -r kind number; do
    file=$STATE/.ns/$kind/$NAME
    [ "$kind" != net ] || file=/run/netns/$NAME
    same "$kind $(of_file "$file")" "$kind $number"
  done <"$WORK/before"
  run -0 on nsenter --uts="$STATE/.ns/uts/$NAME" --mount="$STATE/.ns/mnt/$NAME" true
  run -0 ns rm "$NAME"
  same "$output" ""
  no_trace
}

@test "a newer mount namespace keeps its mounts, an older one and the own one are refused" {
  sleeper --mount
  nsenter --target "$SLEEPER" --mount mount -t tmpfs -o mode=700 "tag-$ID" /mnt
  ns pin "$NAME" --from "$SLEEPER" --kind mnt
  end "$SLEEPER"
  run -0 on nsenter --mount="$STATE/.ns/mnt/$NAME" grep -c "tag-$ID" /proc/self/mountinfo
  same "$output" 1
  ns rm "$NAME"
  run -125 ns pin "$NAME" --from "$MACHINE" --kind mnt
  contains "$output" "cannot be pinned inside itself"
  contains "$output" "caisson ns hold $NAME"
  run -125 ns pin "$NAME" --from $$ --kind mnt
  contains "$output" "only in one that is older"
  no_trace
  run -0 ns pin "$NAME" --from "$MACHINE" --kind all
  contains "$output" "not pinned: mnt:["
  ns rm "$NAME"
}

@test "what cannot be pinned is refused and leaves nothing" {
  sleeper --uts
  for name in "" . .. .x a/b -- 17 'a b' $'a\nb' $'\e[2J' "$(printf 'x%.0s' {1..256})"; do
    run -125 ns pin --from "$SLEEPER" --kind uts -- "$name"
    lacks "$output" $'\e'
  done
  run -125 ns pin "$NAME" --kind uts
  contains "$output" "--from"
  run -125 ns pin "$NAME" --from "$SLEEPER"
  contains "$output" "which of its namespaces"
  run -125 ns pin "$NAME" --from "$SLEEPER" --kind utts
  contains "$output" "did you mean uts"
  run -125 ns pin "$NAME" --from "/proc/$SLEEPER/ns/uts" --kind net
  contains "$output" "is a uts namespace, not a net namespace"
  run -125 ns pin "$NAME" --from "/proc/$SLEEPER/comm"
  contains "$output" "is no namespace file"
  run -125 ns pin "$NAME" --from 2147483647 --kind uts
  contains "$output" "there is no process 2147483647"
  run -125 ns pin "$NAME" --from container:none --kind uts
  contains "$output" 'there is no container "none"'
  run -125 ns pin "$NAME" --from net:none
  contains "$output" 'no net namespace is called "none"'
  no_trace
}

@test "a pid namespace whose first process has ended is refused" {
  sleeper --pid --fork
  exec 9<"/proc/$SLEEPER/ns/pid"
  run -0 ns pin "$NAME" --from "$SLEEPER" --kind pid
  run -0 ns rm "$NAME"
  end "$SLEEPER"
  run -125 ns pin "$NAME" --from "/proc/$$/fd/9"
  contains "$output" "has no process 1"
  run -125 ns hold "$NAME" --from "/proc/$$/fd/9"
  contains "$output" "has no process 1"
  exec 9<&-
  no_trace
}

@test "a failure in the middle takes back what was made" {
  sleeper --uts --net
  on touch /run/netns
  run -125 ns pin "$NAME" --from "$SLEEPER" --kind uts --kind net
  contains "$output" /run/netns
  no_trace
  on rm /run/netns
  on mkdir /run/netns
  on touch "/run/netns/$NAME"
  run -125 ns pin "$NAME" --from "$SLEEPER" --kind uts --kind net
  contains "$output" "no namespace is mounted on it"
  contains "$output" "caisson ns rm net:$NAME"
  no_trace
  ns rm "net:$NAME"
  ns pin "$NAME" --from "$SLEEPER" --kind uts --kind net
  ns rm "$NAME"
}

@test "what a killed attempt left is replaced, a pin of another mount namespace is not" {
  sleeper --uts --net
  ns pin "$NAME" --from "$SLEEPER" --kind uts --kind net
  on umount "$STATE/.ns/uts/$NAME" "/run/netns/$NAME"
  ns pin "$NAME" --from "$SLEEPER" --kind uts --kind net
  on umount "$STATE/.ns/uts/$NAME"
  on sh -c ": >'$STATE/.ns/uts/$NAME'"
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  # The same directory seen from the machine outside, where it was not mounted.
  run -125 "$PROGRAM" --root "$STATE" ns pin "$NAME" --from "$SLEEPER" --kind uts
  contains "$output" "is a pin in another mount namespace"
  same "$(of_file "$STATE/.ns/uts/$NAME")" "$(inode "$SLEEPER" uts)"
  ns rm "$NAME"
  no_trace
}

@test "rm reaches copies in mount namespaces that were made later" {
  sleeper --uts
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  number=$(inode "$SLEEPER" uts)
  end "$SLEEPER"
  sleeper --mount
  run -0 grep -c "uts:\[$number\]" "/proc/$SLEEPER/mountinfo"
  same "$output" 1
  ns rm "$NAME"
  run -1 grep -c "uts:\[$number\]" "/proc/$SLEEPER/mountinfo"
}

@test "rm says what still keeps the namespace" {
  sleeper --uts
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  ns hold "held-$ID" --from "$SLEEPER" --kind uts
  run -0 ns rm "$NAME"
  same "$output" "uts:[$(inode "$SLEEPER" uts)] lives on: 1 process (first $SLEEPER, \"sleep\"); hold:held-$ID"
  end "$SLEEPER"
  run -0 ns rm "held-$ID"
  same "$output" ""
  no_trace
}

@test "rm removes nothing when one of several names is wrong" {
  sleeper --uts
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  run -125 ns rm "$NAME" "${NAME}x"
  contains "$output" "did you mean $NAME"
  of_file "$STATE/.ns/uts/$NAME"
  for word in 17 :5 /run/netns/x 'net:[7]' container:x; do
    run -125 ns rm "$word"
    contains "$output" "is not the name of a pin"
  done
  run -125 ns rm "$NAME" --kind net
  contains "$output" "it is of kind uts"
  ns rm "uts:$NAME"
  no_trace
}

@test "a pin that became a link, and directories of somebody else, are not followed" {
  sleeper --uts
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  on umount "$STATE/.ns/uts/$NAME"
  on ln -sf "/proc/$SLEEPER/ns/uts" "$STATE/.ns/uts/$NAME"
  run -125 ns pin "two-$ID" --from "uts:$NAME"
  contains "$output" "no uts namespace is called"
  run -125 ns pin "$NAME" --from "$SLEEPER" --kind uts
  contains "$output" "no namespace is mounted on it"
  ns rm "$NAME"
  no_trace
  mkdir "$WORK/other"
  for way in "ln -s $WORK/other" "install -d -o 1234" "install -d -m 0777"; do
    $way "$STATE/.ns"
    run -125 ns pin "$NAME" --from "$SLEEPER" --kind uts
    rm -d "$STATE/.ns"
    same "$(ls -A "$WORK/other")" ""
  done
}

@test "a target is a process, a path, an inode, an id or a container" {
  sleeper --uts
  number=$(inode "$SLEEPER" uts)
  for target in "$SLEEPER" "/proc/$SLEEPER/ns/uts" "uts:[$number]"; do
    ns pin "$NAME" --from "$target" --kind uts
    same "$(of_file "$STATE/.ns/uts/$NAME")" "$number"
    ns rm "$NAME"
  done
  busybox_bundle "$WORK/bundle"
  BUNDLE=$WORK/bundle
  cd "$BUNDLE"
  start_sleeper
  for target in "container:$ID" "$ID"; do
    ns pin "$NAME" --from "$target" --kind uts
    same "$(of_file "$STATE/.ns/uts/$NAME")" "$(inode "$(pid_of)" uts)"
    ns rm "$NAME"
  done
}

@test "a namespace that is mounted in another mount namespace only is found by its id" {
  id_of() { "$PYTHON" -c 'import fcntl,struct,sys; b=bytearray(8); fcntl.ioctl(open(sys.argv[1]),0x8008b70d,b); print(struct.unpack("Q",b)[0])' "$1"; }
  sleeper --uts
  id=$(id_of "/proc/$SLEEPER/ns/uts" 2>/dev/null) || skip "this kernel gives namespaces no ids"
  number=$(inode "$SLEEPER" uts)
  ns pin "$NAME" --from "$SLEEPER" --kind uts
  end "$SLEEPER"
  run -0 "$PROGRAM" --root "$WORK/outside" ns hold "out-$ID" --from ":$id"
  same "$(stat -L -c %i "/proc/$output/fd/3")" "$number"
  "$PROGRAM" --root "$WORK/outside" ns rm "out-$ID"
  ns rm "$NAME"
}
