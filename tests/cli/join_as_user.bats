#!/usr/bin/env bats
# `caisson run --ns` as an ordinary user: namespaces of his own user namespaces.
load ../lib/suite
load people
load nsenter

setup() { nsenter_setup; }
teardown() { people_teardown; }

@test "run --ns joins the user namespace of a process and what it owns" {
  target unshare --user --map-root-user --uts --net --ipc sh -c "hostname $ID; exec sleep 98765"
  run -0 box --ns user="$TARGET" --ns uts="$TARGET" --ns net="$TARGET" -- sh -c 'hostname; readlink /proc/self/ns/user /proc/self/ns/net; id -u'
  same "$output" "$ID"$'\n'"$(ns_in user)"$'\n'"$(ns_in net)"$'\n'0
}
