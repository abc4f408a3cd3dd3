# The same invocation of a program of util-linux and of caisson called by that program's name, and what each shows.

# face NAME: FACE is caisson called as NAME, PEER the program of util-linux.
face() {
  mkdir -p "$WORK/face"
  ln "$PROGRAM" "$WORK/face/$1"
  FACE=$WORK/face/$1
  PEER=/usr/bin/$1
  PROBE=$WORK/probe
  cp "$SUITE_TREE/tests/cli/namespace_probe.sh" "$PROBE"
}

need_peer() { "$PEER" --version 2>/dev/null | grep -q util-linux || skip "no $PEER of util-linux"; }

# seen_by PROGRAM ARGS...: what the arguments make it print, its messages and its status; namespaces as same or other than the
# caller's, and the program's own pid and directory taken out of messages.
seen_by() {
  local status=0
  person "$@" <"${INPUT:-/dev/null}" >"$WORK/seen" 2>&1 || status=$?
  [ -e "$WORK/callers" ] || stat -L -c 'namespace %n %i' /proc/self/ns/* >"$WORK/callers"
  awk 'NR == FNR {own[$2] = $3; next} $1 == "namespace" {print $1, $2, own[$2] == $3 ? "same" : "other"; next} {print}' \
    "$WORK/callers" "$WORK/seen" | sed -e "s#/proc/[0-9][0-9]*/#/proc/PID/#g" -e "s#^$1: #${1##*/}: #" -e 's/^pid [0-9][0-9]\+$/pid N/'
  echo "status $status"
}

# as_peer ARGS...: the face and the peer show the same, which is in $seen.
as_peer() {
  need_peer
  local expected
  expected=$(seen_by "$PEER" "$@")
  seen=$(seen_by "$FACE" "$@")
  [ "$seen" = "$expected" ] || { echo "$PEER and caisson differ for: $*"; diff <(echo "$expected") <(echo "$seen"); return 1; }
}
