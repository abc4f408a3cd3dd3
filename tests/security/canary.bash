# The canary of every check here: a tree outside of the container's root with known files, modes, owners and attributes, and the
# mounts of the host. After the run, whether it worked or not, both are byte for byte what they were.

# canary_setup: WORK/outside is the tree; WORK/outside/file and the rest must not change. From here on the runtime is in a mount namespace
# that no other test mounts in, and whose mounts are those of the picture.
canary_setup() {
  mkdir -p "$WORK/outside/dir/sub" "$WORK/outside/empty"
  echo "outside content" >"$WORK/outside/file"
  echo "a terminal multiplexer" >"$WORK/outside/ptmx"
  echo secret >"$WORK/outside/dir/secret"
  ln -s file "$WORK/outside/link"
  mkfifo "$WORK/outside/fifo"
  chmod 0640 "$WORK/outside/file" "$WORK/outside/dir/secret"
  chown 1234:1235 "$WORK/outside/dir" 2>/dev/null || true
  setfattr -n user.canary -v alive "$WORK/outside/file" 2>/dev/null || true
  "$SUITE_LIB/own_mounts" "$WORK" sleep infinity </dev/null >/dev/null 2>&1 3>&- 4>&- &
  CANARY=$!
  wait_for 10 grep -qx sleep "/proc/$CANARY/comm"
  printf '#!/bin/sh\nexec nsenter --mount=/proc/%s/ns/mnt --wdns="$PWD" -- "%s" "$@"\n' "$CANARY" "$RUNTIME" >"$WORK/runtime"
  chmod 0755 "$WORK/runtime"
  later export RUNTIME="$RUNTIME" # the teardown ends what holds the namespace
  RUNTIME=$WORK/runtime
  canary_picture >"$WORK/canary.before"
}

canary_picture() {
  ( cd "$WORK/outside" && find . -printf '%P %y %m %U:%G %s %T@ %i %l\n' | sort && find . -type f -exec sha256sum {} + | sort -k 2 &&
    { getfattr -R -d . 2>/dev/null || true; } )
  awk '{print $5, $6}' "/proc/$CANARY/mountinfo" | sort
}

canary_alive() { canary_picture | diff "$WORK/canary.before" - ; }

# contained SCRIPT: either the run is refused and nothing is left, or it works inside the root; the canary lives in both cases.
contained() {
  local status=0
  payload "${1:-true}"
  timeout 30 "$RUNTIME" --root "$STATE" run "$ID" </dev/null >"$WORK/said" 2>&1 3>&- || status=$?
  output=$(cat "$WORK/said")
  [ "$status" != 124 ] || { echo "hung"; return 1; }
  canary_alive || return 1
  ! runtime state "$ID" >/dev/null 2>&1 || { echo "container left behind"; return 1; }
  return 0
}
