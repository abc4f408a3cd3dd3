#!/usr/bin/env bats
# Many containers at the same time, and kills at any moment: nothing is mixed up, and nothing is left. CAISSON_CROWD and
# CAISSON_KILLS set how many; CAISSON_SEED repeats a run.
load ../lib/suite
load people
load net

setup() {
  net_setup
  ROOT=$HOME_OF/root
  busybox_root "$ROOT"
  { echo; find /sys/fs/cgroup -type d -name 'run-*' 2>/dev/null; } >"$WORK/before"
}
teardown() {
  [ -z "${STATE:-}" ] || net ps -aq --no-trunc 2>/dev/null | while read -r id; do net rm -f "$id" >/dev/null 2>&1; done
  people_teardown
}

# Processes, mounts, cgroups, interfaces, rules, leases, records and files.
nothing_left() {
  same "$(pgrep -f -- "--root $STATE" || true)" ""
  same "$(grep -c "$STATE" /proc/self/mountinfo || true)" 0
  wait_for 5 no_cgroup_left
  same "$(left_over)" 0
  same "$(find "$STATE" -mindepth 1 \( -path '*/.containers/*' -o -name 'run-*' \) ! -name .lock)" ""
}
# Others make containers meanwhile, and kill them: only the cgroups of the runtimes of this test are looked for. What such a kill
# has left before may bear the number of one of them.
no_cgroup_left() {
  local pid
  while read -r pid; do
    [ -z "$(find /sys/fs/cgroup -type d -name "run-$pid-*" 2>/dev/null | grep -vxFf "$WORK/before")" ] || return 1
  done <"$WORK/pids"
  [ ! -s "$WORK/ids" ] || ! find /sys/fs/cgroup -type d 2>/dev/null | grep -qFf "$WORK/ids"
}

addresses() { grep -ho 'inet 10\.99\.[0-9.]*' "$WORK"/s/*; }
all_have_addresses() { [ "$(addresses | wc -l)" = "$1" ]; }

@test "many runs at once on one network have their own statuses and addresses, and leave nothing" {
  local count=${CAISSON_CROWD:-40} i runs=()
  net net create crowd --subnet 10.99.0.0/16 >/dev/null
  mkdir "$WORK/s"
  mkfifo "$ROOT/go"
  for ((i = 0; i < count; i++)); do
    { status=0; net run --rm --net crowd --rootfs "$ROOT" -- sh -c "ip -4 -o address show eth0; read -r line </go; exit $((i % 100))" >"$WORK/s/$i" 2>&1 || status=$?
      [ "$status" = $((i % 100)) ] || echo "$i ended with $status" >>"$WORK/wrong"; } &
    runs+=($!)
  done
  # All of them live at the same time before the first one ends.
  exec 9<>"$ROOT/go"
  wait_for $((30 + count)) all_have_addresses "$count" || { head -3 "$WORK"/s/0; cat "$WORK/wrong"; }
  pgrep -f -- "--root $STATE" >"$WORK/pids"
  [ "$(wc -l <"$WORK/pids")" -ge "$count" ]
  for ((i = 0; i < count; i++)); do echo >&9; done
  wait "${runs[@]}"
  exec 9>&-
  [ ! -e "$WORK/wrong" ] || { cat "$WORK/wrong"; head -3 "$WORK"/s/0; false; }
  same "$(addresses | wc -l)" "$count"
  same "$(addresses | sort | uniq -d)" ""
  nothing_left
}

# at_random COMMAND...: killed after 0 to 40 ms; whatever it started may go on.
at_random() {
  local pause
  pause=$(printf '0.%03d' $((RANDOM % 40)))
  "$@" </dev/null >/dev/null 2>&1 3>&- 4>&- &
  local pid=$!
  echo "$pid" >>"$WORK/pids"
  sleep "$pause"
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

@test "kills at random moments leave what prune takes away" {
  local count=${CAISSON_KILLS:-8} i monitor root
  RANDOM=${CAISSON_SEED:-7}
  net net create kills --subnet 10.98.0.0/16 >/dev/null
  for ((i = 0; i < count; i++)); do
    # Half of them keep a layer.
    root=(--rootfs "$ROOT")
    ((i % 8 < 4)) || root=()
    case $((i % 4)) in
      0) at_random nsenter --target "$MACHINE" --net -- "${NET[@]}" run -d --name "$ID-$i" --net kills "${root[@]}" -- sleep 1000 ;;
      1) at_random nsenter --target "$MACHINE" --net -- "${NET[@]}" run --name "$ID-$i" --net kills "${root[@]}" -- sleep 1000 ;;
      2) # The monitor, at some moment of a life of many restarts.
        net run -d --name "$ID-$i" --restart always --net kills "${root[@]}" -- true >/dev/null
        sleep "$(printf '0.%03d' $((RANDOM % 300)))"
        monitor=$(pgrep -f "^caisson: $ID-$i " || pgrep -f "__keep [a-z]* $STATE/.containers " || true)
        [ -z "$monitor" ] || kill -KILL $monitor 2>/dev/null || true ;;
      3) net run -d --name "$ID-$i" --net kills "${root[@]}" -- sleep 1000 >/dev/null
        at_random nsenter --target "$MACHINE" --net -- "${NET[@]}" rm -f "$ID-$i" ;;
    esac
    # A kill may have come before there was anything.
    [ ! -d "$STATE/.containers" ] || find "$STATE/.containers" -mindepth 1 -maxdepth 1 -name '[0-9a-f]*' -printf '%f\n' >>"$WORK/ids"
  done
  net ps -aq --no-trunc | while read -r i; do net stop -t 0 "$i" >/dev/null; done
  net prune >/dev/null
  nothing_left
}
