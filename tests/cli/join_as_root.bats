#!/usr/bin/env bats
# `caisson run --ns`: a container in namespaces that exist already.
load ../lib/suite
load people
load nsenter

setup() { nsenter_setup; }
teardown() { people_teardown; }

@test "run --ns joins the namespaces of a process, with everything else new" {
  target unshare --uts --ipc --net --pid --cgroup --fork --kill-child sh -c "hostname $ID; exec sleep 98765"
  run -0 box --share user --ns uts="$TARGET" --ns net="/proc/$TARGET/ns/net" --ns ipc="$TARGET" --ns pid="$TARGET" -- sh -c \
    'hostname; readlink /proc/self/ns/net /proc/self/ns/ipc /proc/self/ns/pid /proc/self/ns/mnt; ls -d /proc/[0-9]* | wc -l; ls /sys/class/net'
  same "${lines[0]}" "$ID"
  same "${lines[1]}" "$(ns_in net)"
  same "${lines[2]}" "$(ns_in ipc)"
  same "${lines[3]}" "$(ns_in pid)"
  [ "${lines[4]}" != "$(ns_in mnt)" ]
  same "${lines[6]}" lo
  [ "$(hostname)" != "$ID" ]
}

@test "run --ns joins what has a name, and says what cannot be" {
  target unshare --uts sh -c "hostname $ID; exec sleep 98765"
  "$PROGRAM" --root "$STATE" ns pin lab --from "$TARGET" --kind uts >/dev/null
  later "$PROGRAM" --root "$STATE" ns rm lab
  run -0 "$PROGRAM" --root "$STATE" run --share user --ns uts=lab -- hostname </dev/null 3>&-
  same "$output" "$ID"
  run -125 box --ns uts="$TARGET" -- true
  contains "$output" "--ns uts: a container with a user namespace of its own has no rights over it"
  contains "$output" "--share user"
  run -125 box --share user --ns mnt="$TARGET" -- true
  contains "$output" "caisson nsenter enters a mount namespace that exists"
  run -125 box --share user --ns uts="$TARGET" --ns uts="$TARGET" -- true
  contains "$output" "given twice"
  remember_host
  run -0 box --share user --ns uts="$TARGET" -- true
  no_residue
}
