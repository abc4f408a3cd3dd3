# What the tests below real engines share. Each file has a machine of its own: network and mount namespaces with a /run of their own, in
# which its engine lives, so that nothing of an engine that the machine around it uses is seen or touched. Facts are taken with
# caisson-oci and with Debian's runc, and must be equal: the peer proves the test.

# engine_needs PROGRAM...: for setup_file, where a test cannot be skipped: it fails where something is missing, and engine_skip, for setup,
# says what.
engine_needs() {
  local program
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  RUNC=$(command -v runc) || true
  export PATH RUNC WITHOUT=
  for program in "$@" runc; do command -v "$program" >/dev/null || WITHOUT="$program is not installed"; done
  [ -x "$RUNTIME" ] || WITHOUT="no runtime at $RUNTIME"
  [ "$(id -u)" = 0 ] || WITHOUT="needs root"
  [ -z "$WITHOUT" ]
}
engine_skip() { [ -z "$WITHOUT" ] || skip "$WITHOUT"; }

# engine_machine [WRAPPER]: exports WORK, ID (the name of the cgroups) and MACHINE (a process that holds the namespaces). WRAPPER is what
# the machine is made with.
engine_machine() {
  local until=$((SECONDS + 10))
  WORK=$(mktemp -d /tmp/cst.XXXXXX) # short: it holds sockets
  chmod 0755 "$WORK"
  ID=cst-${WORK##*.}
  "$@" unshare --mount --net --propagation private \
    sh -c 'mount -t tmpfs -o mode=0755 run /run && ip link set lo up && cd / && exec sleep 3600' </dev/null >"$WORK/machine.log" 2>&1 3>&- 4>&- &
  MACHINE=$!
  disown "$MACHINE"
  export WORK ID MACHINE
  until [ "$(cat "/proc/$MACHINE/comm" 2>/dev/null)" = sleep ]; do
    [ "$SECONDS" -lt "$until" ] || { cat "$WORK/machine.log" >&2; return 1; }
    sleep 0.02
  done
  busybox_root "$WORK/root"
}

on() { nsenter --target "$MACHINE" --mount --net -- "$@" 3>&- 4>&-; }

# engine_hides DIRECTORY: an empty one in its place on the machine.
engine_hides() {
  [ -d "$1" ] || { mkdir "$1" && echo "$1" >>"$WORK/made"; }
  on mount -t tmpfs own "$1"
}

# engine_daemon LOG COMMAND...: on the machine, in the background; its pid in DAEMON.
engine_daemon() {
  local log=$1
  shift
  nsenter --target "$MACHINE" --mount --net -- "$@" </dev/null >"$log" 2>&1 3>&- 4>&- &
  DAEMON=$!
  disown "$DAEMON"
  export DAEMON
}

# answers LOG COMMAND...: waits until the daemon does; where it ends or stays silent, its log says why.
answers() {
  local log=$1 until=$((SECONDS + 30))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ ! -d "/proc/$DAEMON" ] || [ "$SECONDS" -ge "$until" ]; then
      echo "the engine does not answer; its log ends:" >&2
      tail -n 30 "$log" >&2
      return 1
    fi
    sleep 0.05
  done
}

# ended PID: waits for the end of a process that may not be a child.
ended() { wait_for "${2:-20}" not_there "$1"; }
not_there() { [ ! -d "/proc/$1" ] || [ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" = Z ]; }

# For teardown_file: whatever a test did.
engine_remove() {
  local pid
  [ -n "${WORK:-}" ] || return 0
  if [ -n "${DAEMON:-}" ] && ! not_there "$DAEMON"; then
    kill -TERM "$DAEMON" 2>/dev/null
    ended "$DAEMON" 10 || kill -KILL "$DAEMON"
  fi
  for pid in $(processes_of_test) "$MACHINE"; do kill -KILL "$pid" 2>/dev/null; done
  ended "$MACHINE"
  for pid in $(processes_of_test); do kill -KILL "$pid" 2>/dev/null; done
  remove_test_cgroups
  [ ! -e "$WORK/made" ] || xargs rmdir <"$WORK/made"
  rm -rf --one-file-system "$WORK"
}

# both COMMAND...: the command with R=caisson and with R=runc at the same time. Both must succeed and print the same, which is then in
# $output and $lines.
both() {
  local failed=0 ours peer
  (set -e; R=caisson; "$@") >"$WORK/caisson.out" 2>&1 </dev/null &
  ours=$!
  (set -e; R=runc; "$@") >"$WORK/runc.out" 2>&1 </dev/null &
  peer=$!
  wait "$ours" || { failed=$?; echo "with caisson-oci: status $failed:"; cat "$WORK/caisson.out"; }
  wait "$peer" || { failed=$?; echo "with runc: status $failed:"; cat "$WORK/runc.out"; }
  [ "$failed" = 0 ] || return 1
  diff -u --label runc "$WORK/runc.out" --label caisson-oci "$WORK/caisson.out"
  output=$(cat "$WORK/caisson.out")
  mapfile -t lines <"$WORK/caisson.out"
}

# status_is COMMAND...: prints its status behind its output.
status_is() {
  local status=0
  "$@" || status=$?
  echo "status $status"
}

# What engines and runtimes may not leave below the machine: processes, containers' cgroups, mounts, links and states of containers.
left_behind() {
  local entry
  for entry in $(processes_of_test); do echo "process $entry $(tr '\0' ' ' <"/proc/$entry/cmdline")"; done
  on find /sys/fs/cgroup -mindepth 1 -type d -path "*/$ID/*"
  # The daemon of docker leaves the network namespace of the host where it mounted it.
  on awk -v top="$WORK/" 'index($5, top) == 1 && $5 !~ "/exec/netns/default$" {print "mount " $5}' /proc/self/mountinfo
  on ip -o link show type veth
  for entry in "$@"; do on find "$entry" -mindepth 1 -maxdepth 1; done
}
