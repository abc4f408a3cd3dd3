#!/usr/bin/env bats
# `caisson nsenter` as an ordinary user: namespaces of his own user namespaces. The options one by one: nsenter_as_root.bats.
load ../lib/suite
load people
load nsenter

setup() { nsenter_setup; }
teardown() { people_teardown; }

own_target() {
  target env SECRET=inside unshare --user --map-root-user --mount --uts --ipc --net --pid --fork --kill-child --mount-proc sleep 98765
}

@test "a user enters the namespaces of his own user namespace, as util-linux's nsenter does" {
  own_target
  for flags in "-U" "-U -m" "-U -u -n -i" "-U -m -p" "-U -p -F" "-U -m -w" "-U -m -r -w" "-U -S 0" "-U -S 0 -G 0" "-U -n -W/usr"; do
    # shellcheck disable=SC2086
    same_as_peer -t "$TARGET" --preserve-credentials $flags sh -c "$SEEN"
  done
  run -0 face -t "$TARGET" --preserve-credentials -U -m -u -i -n -p readlink /proc/self/ns/{user,pid,net,ipc,uts,mnt}
  same "$output" "$(readlink "/proc/$TARGET"/ns/{user,pid,net,ipc,uts,mnt})"
  # With -a not what the target shares with the caller, which nobody may enter without privilege.
  run -0 face -t "$TARGET" --preserve-credentials -a readlink /proc/self/ns/{user,pid,net,ipc,uts,mnt,cgroup,time}
  same "$output" "$(readlink "/proc/$TARGET"/ns/{user,pid,net,ipc,uts,mnt,cgroup,time})"
}

@test "where setgroups is denied nsenter fails as util-linux's does, and caisson nsenter keeps the groups" {
  own_target
  same_as_peer -t "$TARGET" -U -m true
  same "$output" "nsenter: setgroups failed: Operation not permitted"
  run -0 native -t "$TARGET" -U -m sh -c 'id -u; id -g'
  same "$output" $'0\n0'
  run -0 native -t "$TARGET" -a sh -c 'id -u; id -g; hostname >/dev/null'
  same "$output" $'0\n0'
  run -125 native -t "$TARGET" -U -S 77 true
  contains "$output" "setuid() failed: Invalid argument"
  contains "$output" "hint: 77 is not mapped in the user namespace (/proc/self/uid_map)"
}

@test "without the user namespace the others are refused, and the hint says what is missing" {
  own_target
  same_as_peer -t "$TARGET" -m true
  same_as_peer -t "$TARGET" -n true
  same_as_peer -t "$TARGET" -p true
  same "$status" 1
  run -125 native -t "$TARGET" -n true
  contains "$output" "reassociate to namespace 'ns/net' failed: Operation not permitted"
  contains "$output" "enter its user namespace too (-U), or be root"
}

@test "the processes of others stay closed" {
  same_as_peer -t 1 -m true
  same_as_peer -t 1 -U true
  run -125 native -t 1 -m true
  contains "$output" "hint: the namespaces of a process can be opened by its user and by root"
  # A user namespace that root made, by a file that everybody may open.
  unshare --user --map-root-user sleep 98765 3>&- & later kill -KILL $!
  wait_for 10 in_namespace_of_its_own user $!
  touch "$WORK/pin"; mount --bind "/proc/$!/ns/user" "$WORK/pin"; later umount "$WORK/pin"
  same_as_peer --user="$WORK/pin" true
  run -125 native --user="$WORK/pin" true
  contains "$output" "a user namespace lets in its owner (uid 0)"
}

@test "nested user namespaces are entered from the outer to the inner one" {
  target unshare --user --map-root-user --mount --net sh -c 'exec unshare --user --map-root-user --uts sleep 98765'
  run -0 face -t "$TARGET" --preserve-credentials -U -m -n -u readlink /proc/self/ns/{user,mnt,net,uts}
  same "$output" "$(readlink "/proc/$TARGET"/ns/{user,mnt,net,uts})"
  run -0 native -t "$TARGET" -a readlink /proc/self/ns/{user,mnt,net,uts}
  same "$output" "$(readlink "/proc/$TARGET"/ns/{user,mnt,net,uts})"
}

@test "--user-parent enters the user namespace between" {
  target unshare --user --map-root-user sh -c 'readlink /proc/self/ns/user; exec unshare --user --map-root-user sleep 98765'
  outer=$(head -n 1 "$WORK/o")
  run -0 native -t "$TARGET" --user-parent readlink /proc/self/ns/user
  same "$output" "$outer"
}

@test "--keep-caps gives the program the capabilities of the user namespace" {
  target unshare --user sleep 98765
  run -0 face -t "$TARGET" -U --preserve-credentials --keep-caps grep CapAmb /proc/self/status
  lacks "$output" 0000000000000000
  run -0 face -t "$TARGET" -U --preserve-credentials grep CapEff /proc/self/status
  contains "$output" 0000000000000000
}

@test "-e, -S follow and -G follow work from outside, and files beside the user namespace of a file" {
  own_target
  run -0 native -t "$TARGET" -a -e -w -S follow -G follow sh -c 'echo "$SECRET $(id -u) $(id -g)"'
  same "$output" "inside 0 0"
  run -0 native --user="/proc/$TARGET/ns/user" --net="/proc/$TARGET/ns/net" readlink /proc/self/ns/net
  same "$output" "$(ns_in net)"
  run -0 native -t "$TARGET" --user="/proc/$TARGET/ns/user" -n -u readlink /proc/self/ns/net
  same "$output" "$(ns_in net)"
}

@test "nothing is left behind" {
  own_target
  remember_host
  face -t "$TARGET" --preserve-credentials -U -p true
  run ! face -t "$TARGET" -U -p true
  run -125 native -t "$TARGET" -n true
  no_residue
}
