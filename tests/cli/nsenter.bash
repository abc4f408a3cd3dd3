# How the tests of `nsenter` make something to enter, and run ours and util-linux's beside each other.

nsenter_setup() {
  people_setup
  FACE=$WORK/nsenter
  ln -s "$PROGRAM" "$FACE"
  PEER=/usr/bin/nsenter
  mkdir "$WORK/peer"
  ln -s "$PEER" "$WORK/peer/nsenter"
}

# need_peer: the rest of the test compares with util-linux's nsenter.
need_peer() { [ -x "$PEER" ] || skip "no nsenter of util-linux"; }

# target COMMAND...: runs it in the background as whom this file runs; TARGET is the pid of the `sleep` that it ends in, in namespaces
# of its own. MAKER is the pid of what made them.
target() {
  in_background "$@"
  MAKER=$RUNNER
  later kill -KILL "$MAKER"
  wait_for 10 sleeper_is_up
}
# mapped_target COMMAND...: in a user namespace and a mount namespace whose ids 0 to 4999 are 10000 to 14999 outside. Needs root.
mapped_target() {
  target "$PYTHON" -c '
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
ready, go = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    assert libc.unshare(0x10000000 | 0x00020000) == 0
    os.write(ready[1], b"r")
    os.read(go[0], 1)
    os.setgid(0); os.setuid(0); os.setgroups([])
    os.execvp(sys.argv[1], sys.argv[1:])
os.read(ready[0], 1)
for name in ("uid_map", "gid_map"):
    open(f"/proc/{child}/{name}", "w").write("0 10000 5000")
os.write(go[1], b"g")
os.wait()' "$@"
  later kill -KILL "$TARGET"
}
sleeper_is_up() {
  local pid
  for pid in "$MAKER" $(descendants "$MAKER"); do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = sleep ] || continue
    TARGET=$pid
    return 0
  done
  return 1
}
descendants() {
  local child
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do echo "$child"; descendants "$child"; done
}

face() { person "$FACE" "$@" </dev/null; }
# With hints, as `caisson nsenter`.
native() { person "$PROGRAM" nsenter "$@" </dev/null; }
peer() { person "$WORK/peer/nsenter" "$@" </dev/null; }

# same_as_peer ARGS...: util-linux's nsenter and ours give the same output and the same exit status, which are in $output and $status.
same_as_peer() {
  local expected expected_status=0
  need_peer
  expected=$(peer "$@" 2>&1) || expected_status=$?
  expected=${expected//"$WORK/peer/nsenter"/nsenter}  # getopt_long names the whole path
  status=0
  output=$(face "$@" 2>&1) || status=$?
  [ "$output" = "$expected" ] && [ "$status" = "$expected_status" ] && return
  printf 'nsenter %s\nutil-linux: status %s\n%s\nours: status %s\n%s\n' "$*" "$expected_status" "$expected" "$status" "$output"
  return 1
}

# What a process can see of where it is and who it is; the same in two runs. Not its pid, and nothing that counts up.
# shellcheck disable=SC2016 # for the shell inside
SEEN='cd .; readlink /proc/self/ns/*; id; ls -di "$PWD" / .; hostname; umask; env | grep -v ^_= | sort
grep -hE "^(Uid|Gid|Groups|Cap|NoNew|Seccomp:|Sig(Blk|Ign|Cgt))" /proc/self/status
cat /proc/self/uid_map /proc/self/gid_map /proc/self/oom_score_adj /proc/self/cgroup; ls /proc/self/fd; echo seen'

ns_in() { readlink "/proc/$TARGET/ns/$1"; }
