#!/usr/bin/env bats
# `unshare --KIND=FILE` and --owner: what needs root.
load ../lib/suite
load people
load faces

setup() {
  people_setup
  face unshare
  # Files on a mount of our own, so that a mount namespace can be bound.
  mkdir "$WORK/pins"
  mount -t tmpfs -o size=1m none "$WORK/pins"
  mount --make-private "$WORK/pins"
}
teardown() { people_teardown; }

unshare() { person "$FACE" "$@" </dev/null; }
# pinned KIND: the namespace that pins/KIND keeps, as /proc names it.
pinned() { echo "$(stat -f -c %T "$WORK/pins/$1") $(stat -c %i "$WORK/pins/$1")"; }

@test "each kind is kept by its file and can be entered" {
  for kind in uts ipc net cgroup; do
    touch "$WORK/pins/$kind"
    run -0 unshare "--$kind=$WORK/pins/$kind" stat -L -c %i "/proc/self/ns/$kind"
    same "$(pinned "$kind")" "nsfs $output"
    same "$(nsenter "--$kind=$WORK/pins/$kind" stat -L -c %i "/proc/self/ns/$kind")" "$output"
    umount "$WORK/pins/$kind"
  done
}

@test "a mount namespace, from outside of itself" {
  touch "$WORK/pins/mnt"
  run -0 unshare "--mount=$WORK/pins/mnt" stat -L -c %i /proc/self/ns/mnt
  same "$(pinned mnt)" "nsfs $output"
  run -0 unshare "--mount=$WORK/pins/mnt" --fork stat -L -c %i /proc/self/ns/mnt
  same "$(pinned mnt)" "nsfs $output"
}

@test "a user namespace with its map, beside others" {
  touch "$WORK/pins/user" "$WORK/pins/net"
  run -0 unshare "--user=$WORK/pins/user" "--net=$WORK/pins/net" -r stat -L -c %i /proc/self/ns/user /proc/self/ns/net
  same "$(pinned user)" "nsfs ${lines[0]}"
  same "$(pinned net)" "nsfs ${lines[1]}"
  same "$(nsenter "--user=$WORK/pins/user" cat /proc/self/uid_map | xargs)" "0 0 1"
}

@test "pid and time namespaces of the children" {
  touch "$WORK/pins/pid" "$WORK/pins/time"
  run -0 unshare "--pid=$WORK/pins/pid" --fork stat -L -c %i /proc/self/ns/pid
  same "$(pinned pid)" "nsfs $output"
  need_file /proc/self/ns/time
  run -0 unshare "--time=$WORK/pins/time" --boottime 1000000 --fork stat -L -c %i /proc/self/ns/time
  same "$(pinned time)" "nsfs $output"
}

@test "the files are there when the program begins" {
  touch "$WORK/pins/uts"
  for round in 1 2 3 4 5; do
    run -0 unshare "--uts=$WORK/pins/uts" --fork stat -f -c %T "$WORK/pins/uts"
    same "$output" nsfs
    umount "$WORK/pins/uts"
  done
}

@test "a file that cannot be bound: no program, no process, status 1" {
  for flags in "" --fork; do
    run -1 unshare "--uts=$WORK/pins/absent" $flags touch "$WORK/started"
    contains "$output" "on $WORK/pins/absent failed: No such file or directory"
    run -1 unshare "--mount=$WORK/pins/absent" $flags touch "$WORK/started"
    [ ! -e "$WORK/started" ]
  done
  touch "$WORK/pins/pid"
  run -1 unshare "--pid=$WORK/pins/pid" touch "$WORK/started"
  [ ! -e "$WORK/started" ]
}

@test "hints about files" {
  run -125 "$PROGRAM" unshare "--uts=$WORK/pins/absent" true </dev/null
  contains "$output" "touch"
  touch "$WORK/pins/pid" "$WORK/pins/mnt"
  run -125 "$PROGRAM" unshare "--pid=$WORK/pins/pid" true </dev/null
  contains "$output" "--fork"
  mount --make-shared "$WORK/pins"
  run -125 "$PROGRAM" unshare "--mount=$WORK/pins/mnt" true </dev/null
  contains "$output" "--make-private"
}

@test "processes that stay behind end when unshare fails before they are needed" {
  touch "$WORK/pins/uts"
  # A user that may not make the namespace: the helpers have been started by then.
  run -1 unshare -S x "--uts=$WORK/pins/uts" -m true
  run ! unshare -r sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces; exec "$@"' - "$FACE" "--mount=$WORK/pins/uts" "$ID"
  wait_for 5 sh -c "! pgrep -f '[m]ount=$WORK/pins/uts'"
}

@test "--owner: the user namespace belongs to that user, with a map that root wrote" {
  uid=$(id -u "$CAISSON_TEST_USER")
  gid=$(id -g "$CAISSON_TEST_USER")
  chmod 711 "$WORK"
  run -0 unshare --owner "$uid:$gid" --map-users 0:500000:10 --map-groups 0:600000:10 cat /proc/self/uid_map /proc/self/gid_map
  same "$(awk '{print $1 ":" $2 ":" $3}' <<<"$output" | paste -sd' ')" "0:500000:10 0:600000:10"
  touch "$WORK/pins/user"
  run -0 unshare --owner "$uid:$gid" "--user=$WORK/pins/user" -r -f cat /proc/self/uid_map
  same "$(xargs <<<"$output")" "0 0 1"
  # NS_GET_OWNER_UID
  same "$("$PYTHON" -c 'import fcntl, struct, sys
print(struct.unpack("I", fcntl.ioctl(open(sys.argv[1]), 0xb704, b"\0" * 4))[0])' "$WORK/pins/user")" "$uid"
  for word in x 1 1:2:3 1:; do
    run -1 unshare --owner "$word" true
    contains "$output" "failed to parse owner"
  done
}

@test "a map longer than the kernel takes is refused before it is written" {
  ranges=()
  for ((i = 0; i < 345; i++)); do ranges+=("--map-users=$((i * 2)):$((500000 + i * 2)):1"); done
  run -1 unshare "${ranges[@]}" true
  contains "$output" "too large for kernel 4k limit"
}

@test "no capability, no owner" {
  run ! setpriv --reuid "$CAISSON_TEST_USER" --clear-groups "$FACE" --owner 0:0 true </dev/null
  contains "$output" "setgroups failed: Operation not permitted"
}
