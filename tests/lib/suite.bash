# What every black-box test file loads: which program is tested, one work directory per test with a busybox bundle in it,
# ways to edit its configuration and to run it, and a teardown that leaves nothing behind, also after a failure.
#   RUNTIME  the OCI runtime under test; default: build/bin/caisson-oci of this tree. `RUNTIME=runc bats tests/oci` proves the tests.
#   CAISSON  the command for people; default: build/bin/caisson.

bats_require_minimum_version 1.7.0

SUITE_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SUITE_TREE=$(cd "$SUITE_LIB/../.." && pwd)
PYTHON=/usr/bin/python3
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120}

: "${RUNTIME:=$SUITE_TREE/build/bin/caisson-oci}"
: "${CAISSON:=$SUITE_TREE/build/bin/caisson}"
case $RUNTIME in */*) ;; *) RUNTIME=$(command -v "$RUNTIME" || echo "$RUNTIME") ;; esac
RUNTIME_NAME=${RUNTIME##*/}
export RUNTIME CAISSON

# shellcheck source=bundle.bash
source "$SUITE_LIB/bundle.bash"

# suite_setup: WORK, STATE (the --root), BUNDLE, ID of this test; the current directory is BUNDLE.
suite_setup() {
  [ -x "$RUNTIME" ] || skip "no runtime at $RUNTIME"
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/cst.XXXXXX")
  chmod 0755 "$WORK"
  STATE=$WORK/state
  BUNDLE=$WORK/bundle
  ID=cst-${WORK##*.}
  CLEANUPS=()
  busybox_bundle "$BUNDLE"
  cd "$BUNDLE" || return 1
}

# later COMMAND...: run at teardown, last registered first, whatever the test did.
later() { CLEANUPS+=("$(printf '%q ' "$@")"); }

suite_teardown() {
  [ -n "${WORK:-}" ] || return 0
  local entry pid
  for ((entry = ${#CLEANUPS[@]} - 1; entry >= 0; entry--)); do eval "${CLEANUPS[entry]}" >/dev/null 2>&1 || true; done
  cd / || return 1
  # First the processes: a command that hangs would also hold the container against delete.
  for pid in $(processes_of_test); do kill -KILL "$pid" 2>/dev/null; done
  if [ -d "$STATE" ]; then
    for entry in "$STATE"/*; do
      [ -e "$entry" ] && timeout -k 1 15 "$RUNTIME" --root "$STATE" delete --force "${entry##*/}" >/dev/null 2>&1 3>&- </dev/null
    done
  fi
  for pid in $(processes_of_test); do kill -KILL "$pid" 2>/dev/null; done
  unmount_below "$WORK"
  remove_test_cgroups
  rm -rf --one-file-system "$WORK"
}

# Processes that belong to this test, other than this shell and those it stands on.
processes_of_test() { "$PYTHON" "$SUITE_LIB/residue.py" processes "$WORK" "$ID"; }

# remember_host, then no_residue: nothing that carries this test's names was left behind.
remember_host() { "$PYTHON" "$SUITE_LIB/residue.py" snapshot "$WORK/host.json" "$WORK" "$ID"; }
no_residue() { "$PYTHON" "$SUITE_LIB/residue.py" compare "$WORK/host.json" "$WORK" "$ID"; }

unmount_below() {
  local point
  while read -r point; do
    umount -l "$point" 2>/dev/null || true
  done < <(awk -v top="$1" 'index($5, top "/") == 1 || $5 == top {print $5}' /proc/self/mountinfo | sort -r)
}

remove_test_cgroups() {
  find /sys/fs/cgroup -depth -mindepth 1 -maxdepth 8 -type d -path "*$ID*" -exec rmdir {} + 2>/dev/null || true
}

# runtime ARGS...: the program with this test's state directory and without the descriptors of bats.
runtime() { "$RUNTIME" --root "$STATE" "$@" 3>&- 4>&- 5>&- 6>&- 7>&-; }

# detached ARGS...: for commands that leave a process behind, which must not hold the pipes of bats.
# Its output is in WORK/out, its errors (and those of the command) in WORK/err.
detached() {
  runtime "$@" </dev/null >"$WORK/out" 2>"$WORK/err" || { local status=$?; cat "$WORK/err"; return $status; }
}

# refused ARGS...: the command fails; what it printed is in $output. Unlike `run !` it does not wait for a container that was made
# against the expectation and holds the pipe.
refused() {
  local status=0
  runtime "$@" </dev/null >"$WORK/refused" 2>&1 || status=$?
  output=$(cat "$WORK/refused")
  [ "$status" -ne 0 ] || { echo "succeeded, but should have been refused: $*"; return 1; }
}

# in_box SCRIPT: runs the bundle with `sh -c SCRIPT`; use as `run -0 in_box ...`, the lines are what the payload printed.
# Its errors go the way of its output: runc copies the two by pipes of its own, and a line of one could land within a line of the other.
in_box() {
  payload "exec 2>&1; $1"
  runtime run --bundle "$BUNDLE" "$ID" </dev/null
}

# start_sleeper [ID]: a running container that only waits.
start_sleeper() {
  payload 'trap "exit 0" TERM; while :; do sleep 0.2; done'
  detached run --detach --bundle "$BUNDLE" "${1:-$ID}"
}

in_sleeper() { runtime exec "$ID" "$@" </dev/null; }

status_of() { runtime state "${1:-$ID}" | jq -r .status; }
pid_of() { runtime state "${1:-$ID}" | jq -r .pid; }
has_status() { [ "$(status_of "${2:-$ID}" 2>/dev/null)" = "$1" ]; }
# has_ended PID: also while nobody has reaped it, and when somebody does just now.
has_ended() { ! grep -qs '^State:[[:space:]][^ZX]' "/proc/$1/status"; }

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
  local until=$((SECONDS + $1)); shift
  until "$@"; do
    if [ "$SECONDS" -ge "$until" ]; then echo "waited in vain for: $*"; return 1; fi
    sleep 0.02
  done
}

# unless_runc REASON: the rest of the test is something that runc 1.1 cannot pass.
unless_runc() { [ "$RUNTIME_NAME" != runc ] || skip "runc: $1"; }
only_caisson() { [ "$RUNTIME_NAME" = caisson-oci ] || skip "$RUNTIME_NAME: $1"; }
unless_sanitized() { [ -z "${CAISSON_SANITIZED:-}" ] || skip "sanitizer build: $1"; }
need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }
need_file() { [ -e "$1" ] || skip "this kernel has no $1"; }

same() { [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$2" "$1"; return 1; }; }
contains() { case $1 in *"$2"*) ;; *) printf 'expected to find: %s\nin: %s\n' "$2" "$1"; return 1 ;; esac; }
lacks() { case $1 in *"$2"*) printf 'expected not to find: %s\nin: %s\n' "$2" "$1"; return 1 ;; esac; }
# matches TEXT REGEX (extended)
matches() { [[ $1 =~ $2 ]] || { printf 'expected to match: %s\nfound: %s\n' "$2" "$1"; return 1; }; }
ns_of() { readlink "/proc/${2:-self}/ns/$1"; }
