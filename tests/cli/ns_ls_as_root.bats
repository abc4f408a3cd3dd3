#!/usr/bin/env bats
# `caisson ns ls` and `ns tree` against machines whose namespaces the test made itself.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

# Without the count of processes that not even root may look at.
ns() { person "$PROGRAM" --root "$STATE" ns "$@" 2> >(grep -v "^caisson: [0-9]* process"); }

# stand ARGS...: an unshared `sleep` as STANDING, ended with the test.
stand() {
  unshare "$@" sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  STANDING=$!
  CLEANUPS+=("kill $STANDING; wait $STANDING")
  until [ "$(cat /proc/$STANDING/comm)" = sleep ]; do sleep 0.01; done
}

inode() { stat -Lc %i "/proc/${2:-$STANDING}/ns/$1"; }

@test "ls finds namespaces whatever keeps them alive, and says what does" {
  [ -e /proc/self/ns/time_for_children ] || skip "no time namespaces"
  run -0 python3 "$SUITE_LIB/namespace_machine.py" "$PROGRAM"
  same "$output" "process: 60 of 60, owners of 60
thread: 40 of 40, owners of 40
descriptor: 60 of 60, owners of 60
socket: 60 of 60, owners of 60
mount: 30 of 30, owners of 30
mount under another: 5 of 5, owners of 5
mount in a process's namespace: 30 of 30, owners of 30
mount in an unpopulated namespace: 20 of 20, owners of 20
mount namespace by descriptor: 1 of 1, owners of 1
children (user): 10 of 10, owners of 10
children (pid): 3 of 3, owners of 3
future: 5 of 5, owners of 5
lsns -P: 245 of 245"
}

@test "ls --pid, --kind, --held-by and --filter choose; they can be combined" {
  stand --uts --net
  run -0 ns ls --pid "$STANDING" --no-headings --columns KIND,NS,PROCS,PID --filter 'PROCS == 1'
  same "$(awk '{print $1, $2, $3, $4}' <<<"$output")" "uts $(inode uts) 1 $STANDING
net $(inode net) 1 $STANDING"
  run -0 ns ls --pid "$STANDING" --kind uts --no-headings --columns NS
  same "$output" "$(inode uts)"
  run -0 ns ls --pid "$STANDING" --kind uts --held-by socket --no-headings
  same "$output" ""
  run ! ns ls --held-by sockets
  contains "$output" "socket"
  run ! ns ls --columns KIND,FOO
  contains "$output" "unknown column"
  run ! ns ls --filter 'PROCS >'
  contains "$output" "at character 8"
  run ! ns ls --pid 4194305
  contains "$output" "4194305"
}

@test "ls --json tells ids, owner, oldest process and holders" {
  stand --net
  exec 7<"/proc/$STANDING/ns/net"
  run -0 ns ls --json --kind net
  entry=$(jq -c ".namespaces[] | select(.ns == $(inode net))" <<<"$output")
  exec 7<&-
  same "$(jq -r '.kind, .processes, .oldest_process.pid, .oldest_process.command, .owner' <<<"$entry")" "net
1
$STANDING
sleep 600
$(inode user self)"
  contains "$(jq -c .held <<<"$entry")" '"process","descriptor"'
  contains "$(jq -c .holders <<<"$entry")" '"descriptor":7'
}

@test "ls shows the names of ip netns, and of pins of caisson" {
  in_private_mounts="unshare --mount --uts --propagation private" # the machine's own UTS namespace may be held by anybody
  run -0 $in_private_mounts sh -c "mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip netns add blue &&
    '$PROGRAM' --root '$STATE' ns pin lab --from \$\$ --kind uts && '$PROGRAM' --root '$STATE' ns ls --named --no-headings --columns KIND,NAMES,HELD"
  matches "$(tr -s ' ' <<<"$output")" "net netns:blue mount"
  matches "$(tr -s ' ' <<<"$output")" "uts pin:lab process,mount"
}

@test "ls --sort orders by number or text, in both directions" {
  run -0 ns ls --no-headings --columns NS --sort NS
  same "$output" "$(sort -n <<<"$output")"
  run -0 ns ls --no-headings --columns NS --sort -NS
  same "$output" "$(sort -rn <<<"$output")"
  run -0 ns ls --no-headings --columns KIND --sort kind
  same "$output" "$(LC_ALL=C sort <<<"$output")"
}

@test "tree draws user namespaces with what they own, and pid namespaces" {
  unshare --user --map-root-user --net --pid --fork --kill-child sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  STANDING=$!
  CLEANUPS+=("kill -KILL $STANDING; wait $STANDING")
  until [ -n "$(cat /proc/$STANDING/task/$STANDING/children)" ]; do sleep 0.01; done
  run -0 ns tree
  contains "$output" "net:[$(inode net)]"
  first=$(inode user self)
  run -0 ns tree --json
  same "$(jq -r ".user[] | select(.namespace == \"user:[$first]\") | .children[] | select(.namespace == \"user:[$(inode user)]\") |
    .children[] | select(.namespace == \"net:[$(inode net)]\") | .pid" <<<"$output")" "$STANDING"
  contains "$(jq -r ".pid[0].children[].namespace" <<<"$output")" "pid:[$(stat -Lc %i /proc/$STANDING/ns/pid_for_children)]"
  run ! ns tree --kind net
  contains "$output" "no tree"
}

@test "tree uses ASCII where the locale is not UTF-8, and box characters where it is" {
  run -0 person env LC_ALL=C "$PROGRAM" ns tree --kind user
  contains "$output" '|-pid:['
  run -0 person env LC_ALL=C.UTF-8 "$PROGRAM" ns tree --kind user
  contains "$output" '├─pid:['
}

@test "what processes call themselves cannot move the cursor" {
  bash -c 'exec -a "$(printf "a\033[2Jb\nc")" sleep 600' </dev/null >/dev/null 2>&1 3>&- 4>&- &
  named=$!
  CLEANUPS+=("kill $named; wait $named")
  until [ "$(cat /proc/$named/comm)" = sleep ]; do sleep 0.01; done
  run -0 ns ls --columns PID,COMMAND --filter 'COMMAND'
  lacks "$output" $'\033'
  run -0 person "$PROGRAM" lsns 4026531837
  contains "$output" 'a\x1b[2Jb\x0ac 600'
  lacks "$output" $'\033'
}
