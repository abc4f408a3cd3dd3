#!/usr/bin/env bats
# `caisson nsenter`, and caisson under the name nsenter, beside util-linux's. What an ordinary user can do: nsenter_as_user.bats.
load ../lib/suite
load people
load nsenter

setup() { nsenter_setup; }
teardown() { people_teardown; }

# shellcheck disable=SC2016 # for the shell inside
box_target() {
  target env SECRET=inside unshare --mount --uts --ipc --net --pid --cgroup --time --fork --kill-child --mount-proc sh -c \
    "hostname $ID; cd /usr/lib; exec sleep 98765"
}

# A socket in the network namespace of its own, held by a process that is elsewhere.
socket_holder() {
  target "$PYTHON" -c '
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
home = os.open("/proc/self/ns/net", os.O_RDONLY)
assert libc.unshare(0x40000000) == 0
kept = socket.socket()
os.dup2(kept.fileno(), 77, inheritable=True)
print(os.readlink("/proc/self/ns/net"), flush=True)
assert libc.setns(home, 0) == 0
os.execvp("sleep", ["sleep", "98765"])'
}

@test "every namespace flag enters what util-linux's nsenter enters, as the same user, in the same place" {
  box_target
  for flags in -m -u -i -n -p -C -T "-m -u -i -n -p" "-p -F" "-m -p -F" -a "-a -F" "-a -w" "-a -r" "-a -r -w" "-a -w/tmp" "-a -W/etc" \
    "-n -r/usr -w/usr" "-m -W/usr/lib" "-m -w" "-n -S 61234" "-n -G 61234" "-a -S 12 -G 34" "-n --preserve-credentials" "-a -Z" \
    "--mount --uts --ipc --net --pid --cgroup --time" "--all --wd=/tmp" "--all --root --wd" "--no-fork --pid" "--net --setuid 7 --setgid 8"; do
    # shellcheck disable=SC2086 # words
    same_as_peer -t "$TARGET" $flags sh -c "$SEEN"
    same "${output##*$'\n'}" seen
  done
}

@test "the namespaces are the target's and only those that were named" {
  box_target
  for pair in m:mnt u:uts i:ipc n:net C:cgroup T:time; do
    run -0 face -t "$TARGET" "-${pair%:*}" -w/proc readlink self/ns/{user,pid,net,ipc,uts,mnt,cgroup,time}
    same "$(comm -23 <(sort <<<"$output") <(readlink /proc/self/ns/{user,pid,net,ipc,uts,mnt,cgroup,time} | sort))" "$(ns_in "${pair#*:}")"
  done
  run -0 face -t "$TARGET" -a readlink /proc/self/ns/{user,pid,net,ipc,uts,mnt,cgroup,time}
  same "$output" "$(readlink "/proc/$TARGET"/ns/{user,pid,net,ipc,uts,mnt,cgroup,time})"
}

@test "files name namespaces without any process, and win over --all" {
  box_target
  for kind in mnt:m uts:u ipc:i net:n pid:p cgroup:C time:T; do
    file=/proc/$TARGET/ns/${kind%:*}
    same_as_peer "-${kind#*:}$file" sh -c "$SEEN"
    run -0 face "-${kind#*:}=$file" -F -w/proc readlink "self/ns/${kind%:*}"
    [ "$kind" != pid:p ] || run -0 face "-p=$file" -w/proc readlink "self/ns/pid"
    same "$output" "$(ns_in "${kind%:*}")"
  done
  same_as_peer -t "$TARGET" -a --net=/proc/self/ns/net readlink /proc/self/ns/net
  same "$output" "$(ns_of net)"
  same_as_peer -t $$ --net="/proc/$TARGET/ns/net" -a readlink /proc/self/ns/net
  touch "$WORK/pin"; mount --bind "/proc/$TARGET/ns/uts" "$WORK/pin"; later umount "$WORK/pin"
  same_as_peer -u"$WORK/pin" hostname
  same "$output" "$ID"
}

@test "a user namespace is entered, by default as 0:0 without further groups" {
  mapped_target sleep 98765
  for flags in "" "-S 7 -G 8" "--preserve-credentials" "-S 7" "-G 8" "--preserve-credentials -S 7"; do
    # shellcheck disable=SC2086
    same_as_peer -t "$TARGET" -U -m $flags sh -c "$SEEN"
    # shellcheck disable=SC2086
    same_as_peer -t "$TARGET" -a $flags sh -c "$SEEN"
  done
  run -1 face -t "$TARGET" -U -S 9999 id
  same "$output" "nsenter: setuid() failed: Invalid argument"
  run -1 face -t "$TARGET" -U -G 9999 id
  same "$output" "nsenter: setgid() failed: Invalid argument"
  run native -t "$TARGET" -U -S 9999 id
  same "$status" 125
  contains "$output" "9999 is not mapped in the user namespace"
}

@test "wrong command lines are refused with util-linux's words" {
  box_target
  for line in "-t $TARGET -S x -m true" "-t $TARGET -G x -m true" "-t 99999999 -m true" "-t 99999999 -n -u true" "-t $TARGET -U true" \
    "-t $TARGET -n -r/nowhere true" "-t $TARGET -n -w/nowhere true" "-t $TARGET -m -W/nowhere true" "-n/nowhere true" "-n/etc/passwd true" \
    "-n/proc/self/ns/uts true" "-t $TARGET -w/tmp -W/ -m true" "-a true" "--wrong" "-x" "--target" "--all=yes" "--se" "-t $TARGET -m nowhere" \
    "-t $TARGET -m /etc/passwd" "-t $TARGET -m /etc" "-t $TARGET -m ./x"; do
    # shellcheck disable=SC2086
    same_as_peer $line
    [ "$status" -ne 0 ]
  done
  # Since 2.38 in other words, or not at all.
  run -1 face -t abc -m true
  same "$output" "nsenter: failed to parse PID argument 'abc': Invalid argument"
  run -1 face -t 0 -m true
  contains "$output" "failed to parse PID argument '0'"
  run -1 face -t "$TARGET" -t "$TARGET" -m true
  same "$output" "nsenter: option --target may be given only once"
  run -1 face -t "$TARGET" true
  same "$output" "nsenter: no namespace specified"
  run -1 face -t "$TARGET" -r -w true
  same "$output" "nsenter: no namespace specified"
  run -1 face -n true
  same "$output" "nsenter: no target PID specified"
  run -1 face --user-parent true
  same "$output" "nsenter: no target PID specified"
  run -1 face -N 3 true
  same "$output" "nsenter: no target PID specified"
}

@test "the exit status is the program's; a signal that ends it ends nsenter" {
  box_target
  for flags in -n -p; do
    for script in "exit 0" "exit 42" "exit 255" "kill -TERM \$\$" "kill -KILL \$\$" "kill -QUIT \$\$"; do
      # The shell that waits says what it saw.
      for program in "$PEER" "$FACE"; do
        status=0; (ulimit -c 0; "$program" -t "$TARGET" $flags sh -c "$script") >"$WORK/o.${program##*/}" 2>&1 3>&- || status=$?
        echo "$flags $script $status" >>"$WORK/statuses.$([ "$program" = "$FACE" ] && echo ours || echo theirs)"
      done
    done
  done
  same "$(cat "$WORK/statuses.ours")" "$(cat "$WORK/statuses.theirs")"
  # The kernel reaps the children of whoever ignores SIGCHLD.
  run -42 "$PYTHON" -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$FACE" -t "$TARGET" -p sh -c 'exit 42'
}

# stopped_and_continued PROGRAM: what happens to it when the program inside stops itself.
stopped_and_continued() {
  in_background "$1" -t "$TARGET" -p sh -c 'echo up; kill -STOP $$; echo again; exit 7'
  wait_for 10 is_stopped "$RUNNER"
  kill -CONT "$RUNNER"
  status=0; wait "$RUNNER" || status=$?
  echo "$status"; cat "$WORK/o"
}
is_stopped() { [ "$(awk '/^State/ {print $2}' "/proc/$1/status")" = T ]; }

@test "nsenter stops when the program stops, and continues it when it is continued" {
  box_target
  run -0 stopped_and_continued "$FACE"
  same "$output" $'7\nup\nagain'
  need_peer
  ours=$output
  run -0 stopped_and_continued "$PEER"
  same "$output" "$ours"
}

# after_term PROGRAM: how it ends, and whether the program inside lives on.
after_term() {
  in_background "$1" -t "$TARGET" -p -m sh -c "echo up; exec sleep 87654"
  wait_for 10 grep -q up "$WORK/o"
  local inside
  # The kernel's list of children can lack one while others come and go (proc(5)): asked once, and what was seen is used.
  has_one_descendant() { inside=$(descendants "$RUNNER") && [[ $inside =~ ^[0-9]+$ ]]; }
  wait_for 10 has_one_descendant
  kill -TERM "$RUNNER"
  status=0; wait "$RUNNER" || status=$?
  echo "$status"
  if kill "$inside"; then echo lives; fi
}

@test "a signal for nsenter is not for the program, as with util-linux" {
  box_target
  run -0 after_term "$FACE"
  same "$output" $'143\nlives'
  need_peer
  run -0 after_term "$PEER"
  same "$output" $'143\nlives'
}

@test "without a program a shell is started, as a login shell" {
  box_target
  cp /bin/busybox "$WORK/ash"
  run -0 env SHELL="$WORK/ash" "$FACE" -t "$TARGET" -n <<<'cat /proc/$$/cmdline | tr "\0" " "'
  same "$output" "-ash "
  run -127 env SHELL=/nowhere/zsh "$FACE" -t "$TARGET" -n </dev/null
  same "$output" "nsenter: failed to execute /nowhere/zsh: No such file or directory"
}

@test "a script without an interpreter line is one of /bin/sh, and PATH is searched past what may not be executed" {
  box_target
  mkdir "$WORK/a" "$WORK/b"
  echo data >"$WORK/a/tool"; printf 'echo "script $1"\n' >"$WORK/b/tool"; chmod 0755 "$WORK/b/tool"
  PATH=$WORK/a:$WORK/b:$PATH same_as_peer -t "$TARGET" -n tool word
  same "$output" "script word"
  rm "$WORK/b/tool"
  PATH=$WORK/a:$WORK/b:$PATH same_as_peer -t "$TARGET" -n tool
  same "$status" 126
}

@test "-e takes the environment of the target, and its PATH" {
  box_target
  run -0 face -t "$TARGET" -n -e env
  contains "$output" SECRET=inside
  run -0 env OUTSIDE=1 "$FACE" -t "$TARGET" -a -e sh -c 'echo "$SECRET:$OUTSIDE"' 3>&-
  same "$output" inside:
}

@test "-S follow and -G follow take the owner of the target, as seen inside" {
  target setpriv --reuid 1234 --regid 2345 --clear-groups sleep 98765
  run -0 face -t "$TARGET" -n -S follow -G follow id
  contains "$output" "uid=1234 gid=2345"
  run -0 face -t "$TARGET" -n --setuid=follow --setgid 6 id -u
  same "$output" 1234
  kill -KILL "$MAKER"
  mapped_target setpriv --reuid 33 --regid 44 --clear-groups sleep 98765
  run -0 face -t "$TARGET" -U -S follow -G follow sh -c 'id -u; id -g'
  same "$output" $'33\n44'
}

@test "--keep-caps keeps the capabilities of a user namespace over an execve" {
  mapped_target sleep 98765
  run -0 face -t "$TARGET" -U --preserve-credentials --keep-caps grep CapEff /proc/self/status
  matches "$output" '[1-9a-f]'
  lacks "$output" 0000000000000000
  run -0 face -t "$TARGET" -U --preserve-credentials grep CapEff /proc/self/status
  contains "$output" 0000000000000000
  run -0 face -t "$TARGET" -n --keep-caps grep CapAmb /proc/self/status
  contains "$output" 0000000000000000
}

@test "--user-parent enters the user namespace above the target's" {
  target unshare --user --map-root-user sh -c 'readlink /proc/self/ns/user; exec unshare --user --map-root-user sleep 98765'
  outer=$(head -n 1 "$WORK/o")
  run -0 face -t "$TARGET" --user-parent --preserve-credentials readlink /proc/self/ns/user
  same "$output" "$outer"
  run -0 face --user="/proc/$TARGET/ns/user" --user-parent --preserve-credentials readlink /proc/self/ns/user
  same "$output" "$outer"
  run -125 native -t $$ --user-parent true
  contains "$output" "failed to open parent namespace: Operation not permitted"
  contains "$output" "hint: "
}

@test "-N enters the network of a socket that the target has open" {
  socket_holder
  network=$(head -n 1 "$WORK/o")
  [ "$(ns_in net)" != "$network" ]
  run -0 face -t "$TARGET" -N 77 readlink /proc/self/ns/net
  same "$output" "$network"
  run -0 face -t "$TARGET" --net-socket=77 -a readlink /proc/self/ns/net
  same "$output" "$network"
  run -1 face -t "$TARGET" -N 78 true
  contains "$output" "file descriptor 78 of process $TARGET: Bad file descriptor"
  run -125 native -t "$TARGET" -N 0 true
  contains "$output" "it is no socket"
  run -1 face -t "$TARGET" -N x true
  same "$output" "nsenter: failed to parse file descriptor: 'x'"
}

@test "PID:INODE is that process or none" {
  box_target
  inode=$("$PYTHON" -c "import os; print(os.fstat(os.pidfd_open($TARGET)).st_ino)")
  run face -t "$TARGET:$inode" -u hostname
  if [[ $output == *"Operation not supported"* ]]; then skip "this kernel numbers no processes"; fi
  same "$output" "$ID"
  run -1 face -t "$TARGET:$((inode + 1))" -u hostname
  same "$output" "nsenter: failed to obtain a valid file descriptor for PID $TARGET: No such process"
  run -1 face -t "$TARGET:x" -u hostname
  contains "$output" "failed to parse PID argument '$TARGET:x'"
  run -1 face -t "$TARGET:0" -u hostname
  contains "$output" "failed to parse PID argument '$TARGET:0'"
}

# The kernel's own number of a namespace.
id_of() {
  "$PYTHON" -c '
import fcntl, os, struct, sys
print(struct.unpack("Q", fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8008B70D, bytes(8)))[0])' "$1" 2>/dev/null || skip "this kernel numbers no namespaces"
}

@test ":ID names a namespace by its 64-bit number" {
  box_target
  id=$(id_of "/proc/$TARGET/ns/uts")
  run -0 face "-u:$id" hostname
  same "$output" "$ID"
  run -0 face "--uts=:$id" -t "$TARGET" -n hostname
  same "$output" "$ID"
  run -1 face "-n:$id" hostname
  contains "$output" "cannot open namespace of id $id: it is a uts namespace, not a net namespace"
  run -1 face -u:18446744073709551615 hostname
  contains "$output" "cannot open namespace of id 18446744073709551615"
  run -1 face -u:12x hostname
  same "$output" "nsenter: failed to parse nsid: 12x"
  cd "$WORK"; touch :7; mount --bind "/proc/$TARGET/ns/uts" ./:7; later umount "$WORK/:7"
  run -0 face -u./:7 hostname
  same "$output" "$ID"
}

@test "a thread is a target, with namespaces of its own" {
  target "$PYTHON" -c '
import ctypes, os, threading, time
def work():
    assert ctypes.CDLL(None).unshare(0x04000000) == 0
    print(threading.get_native_id(), os.readlink("/proc/thread-self/ns/uts"), flush=True)
    time.sleep(1000)
threading.Thread(target=work, daemon=True).start()
while True:
    open("/proc/self/comm", "w").write("sleep")
    time.sleep(1000)'
  wait_for 10 grep -q uts "$WORK/o"
  read -r thread uts <"$WORK/o"
  run -0 face -t "$thread" -u readlink /proc/self/ns/uts
  same "$output" "$uts"
  [ "$(ns_in uts)" != "$uts" ]
}

@test "-c joins the target's cgroup where that is version 2, and standard input stays" {
  box_target
  cat >"$WORK/joined" <<S
set -e
mkdir /sys/fs/cgroup/$ID
trap 'sleep 0.1; rmdir /sys/fs/cgroup/$ID' EXIT
sleep 98765 & child=\$!
echo \$child >/sys/fs/cgroup/$ID/cgroup.procs
echo input | "$FACE" -t \$child -n -c sh -c 'cat; cat /proc/self/cgroup'
echo input | "$FACE" -t \$child -n -p -c sh -c 'grep 0:: /proc/self/cgroup'
kill \$child; wait \$child || true
S
  run -0 "$SUITE_TREE/tests/v2-view" sh "$WORK/joined"
  same "${lines[0]}" input
  contains "$output" "0::/$ID"
  same "$(grep -c "0::/$ID" <<<"$output")" 2
  [ ! -e /sys/fs/cgroup/cgroup.controllers ] || return 0
  run -1 face -t "$TARGET" -n -c true
  same "$output" "nsenter: --join-cgroup is only supported in cgroup v2"
}

@test "paths and the program's standard streams are the caller's until the last moment" {
  box_target
  mkdir "$WORK/here"; touch "$WORK/here/file"
  run -0 face -t "$TARGET" -m -w"$WORK/here" ls
  same "$output" file
  run -0 bash -c 'echo through | "$1" -t "$2" -a cat' - "$FACE" "$TARGET" 3>&-
  same "$output" through
  run -0 bash -c 'exec 7</etc/passwd; "$1" -t "$2" -p ls /proc/self/fd' - "$FACE" "$TARGET" 3>&-
  ours=$output
  run -0 bash -c 'exec 7</etc/passwd; "$1" -t "$2" -p ls /proc/self/fd' - "$PEER" "$TARGET" 3>&-
  same "$ours" "$output"
}

@test "a pid namespace whose first process has ended says so" {
  box_target
  touch "$WORK/pin"; mount --bind "/proc/$TARGET/ns/pid" "$WORK/pin"; later umount "$WORK/pin"
  kill -KILL "$TARGET"; wait "$MAKER" || true
  same_as_peer -p"$WORK/pin" true
  same "$output" "nsenter: fork failed: Cannot allocate memory"
  run -125 native -p"$WORK/pin" true
  contains "$output" "hint: the first process (PID 1) of the pid namespace has ended"
}

@test "caisson nsenter explains what util-linux's words leave open" {
  box_target
  run -125 native -t "$TARGET" -U true
  contains "$output" "caisson: reassociate to namespace 'ns/user' failed: Invalid argument"
  contains "$output" "hint: the caller is in that user namespace already"
  run -125 native -n/etc/passwd true
  contains "$output" "hint: /etc/passwd is no namespace"
  run -125 native -n/proc/self/ns/uts true
  contains "$output" "hint: the file is a namespace of another kind than net"
  run -125 native -t "$TARGET" -m -W /tmp pwd
  contains "$output" "--wdns needs a directory"
  run -126 native -t "$TARGET" -m /tmp pwd
  contains "$output" "hint: if /tmp belongs to --mount, write --mount=/tmp"
  run -127 native -t "$TARGET" -m nowhere
  contains "$output" "hint: no directory of PATH has it"
  run -125 native -t 99999999 -m true
  contains "$output" "hint: there is no such process here"
  run -125 native -t "$TARGET" true
  contains "$output" "hint: caisson nsenter --help"
  run -125 "$PROGRAM" nsenter -t "$TARGET" -p="/proc/self/ns/pid" -m -W/nowhere true
  contains "$output" "/nowhere, as seen from inside"
  if [ ! -e /sys/fs/selinux/enforce ]; then
    run -125 native -t "$TARGET" -n -Z true
    contains "$output" "SELinux is not enabled here"
  fi
  run -125 face_of_child_namespace
  contains "$output" "only the caller's own pid namespace and those below it"
}
# From inside of a pid namespace, the one above cannot be entered.
face_of_child_namespace() { "$PROGRAM" nsenter -t "$TARGET" -p -- "$PROGRAM" nsenter -p"/proc/self/fd/9" true 9</proc/self/ns/pid 3>&-; }

@test "--help names every option and --version the version; the manual has every option" {
  run -0 face --help
  page=$(sed 's/\\-/-/g' "$SUITE_TREE/man/caisson-nsenter.1")
  for option in all target ns mount uts ipc net net-socket pid user user-parent cgroup time setuid setgid preserve-credentials keep-caps root wd \
    wdns env no-fork join-cgroup follow-context; do
    contains "$output" "--$option"
    contains "$page" "--$option"
  done
  run -0 face --version
  matches "$output" '^nsenter version [0-9]'
}

@test "--ns takes a namespace by the name of a pin, of a container, of a process, by path and by number" {
  box_target
  run -0 native --ns uts="$TARGET" --ns net="/proc/$TARGET/ns/net" sh -c 'hostname; readlink /proc/self/ns/net'
  same "$output" "$ID"$'\n'"$(ns_in net)"
  run -0 native -t $$ -a --ns uts="$TARGET" hostname
  same "$output" "$ID"
  run -0 native --ns "uts=uts:[$(stat -L -c %i "/proc/$TARGET/ns/uts")]" hostname
  same "$output" "$ID"
  "$PROGRAM" --root "$STATE" ns pin lab --from "$TARGET" --kind uts >/dev/null
  later "$PROGRAM" --root "$STATE" ns rm lab
  run -0 "$PROGRAM" --root "$STATE" nsenter --ns uts=lab hostname 3>&-
  same "$output" "$ID"
  run -125 "$PROGRAM" --root "$STATE" nsenter --ns net=lab true 3>&-
  contains "$output" '"lab" is a uts namespace, not a net namespace'
  run -125 "$PROGRAM" --root "$STATE" nsenter --ns uts=lap true 3>&-
  contains "$output" "did you mean lab?"
  run -125 native --ns uts true
  contains "$output" "not KIND=TARGET"
  run -125 native --ns uts="$TARGET" --ns uts="$TARGET" true
  contains "$output" "uts is given twice"
}
