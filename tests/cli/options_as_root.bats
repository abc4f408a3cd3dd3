#!/usr/bin/env bats
# `caisson run`: its options, one by one. The file options_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

@test "--hostname sets the name and the host keeps its own" {
  before=$(hostname)
  run -0 box --hostname in-the-box -- hostname
  same "$output" in-the-box
  same "$(hostname)" "$before"
}

@test "--env sets variables and the caller's environment stays outside" {
  run -0 env SECRET=1 bash -c 'exec "$@"' - "$PROGRAM" run --env A=1 --env B="two words" -- env </dev/null 3>&-
  contains "$output" "A=1"
  contains "$output" "B=two words"
  lacks "$output" SECRET
}

@test "--workdir is where the program starts" {
  run -0 box --workdir /usr/bin -- pwd
  same "$output" /usr/bin
}

@test "--user runs as that number" {
  if [ "$WHO" = user ]; then grep -q "^$CAISSON_TEST_USER:" /etc/subuid || skip "no subordinate ids"; fi
  run -0 box --user 1000:1000 -- id -u
  same "$output" 1000
  run -0 box --user 33 -- sh -c 'id -u; id -g'
  same "${lines[0]}" 33
}

@test "--cap-drop and --cap-add change the capabilities" {
  run -0 box --cap-drop all -- grep CapEff /proc/self/status
  matches "$output" $'CapEff:\t0000000000000000'
  run -0 box --cap-drop all --cap-add CAP_NET_RAW -- grep CapEff /proc/self/status
  matches "$output" $'CapEff:\t0000000000002000'
  run -0 box --cap-drop ALL --cap-add net_raw -- grep CapBnd /proc/self/status
  matches "$output" $'CapBnd:\t0000000000002000'
}

@test "by default the dangerous capabilities are not there and no_new_privs is set" {
  run -0 box -- sh -c 'grep -E "CapEff|NoNewPrivs" /proc/self/status'
  eff=0x$(awk '/CapEff/ {print $2}' <<<"$output")
  for number in 16 17 21 22; do (( (eff >> number & 1) == 0 )); done  # SYS_MODULE SYS_RAWIO SYS_ADMIN SYS_BOOT
  matches "$output" $'NoNewPrivs:\t1'
}

@test "--ulimit sets resource limits" {
  run -0 box --ulimit nofile=100:200 -- sh -c 'ulimit -Sn; ulimit -Hn'
  same "$output" $'100\n200'
  run -0 box --ulimit core=0 -- sh -c 'ulimit -c'
  same "$output" 0
}

@test "by default there is only the loopback, and it is up" {
  run -0 box -- sh -c 'ls /sys/class/net; cat /sys/class/net/lo/flags'
  same "${lines[0]}" lo
  (( ${lines[1]} & 1 ))
  run -0 box --net none -- ls /sys/class/net
  same "$output" lo
}

@test "--net host shares the network of the host" {
  run -0 box --net host -- readlink /proc/self/ns/net
  same "$output" "$(ns_of net)"
}

@test "--share leaves out the namespace of that kind" {
  for kind in ipc uts; do
    run -0 box --share "$kind" -- readlink "/proc/self/ns/$kind"
    same "$output" "$(ns_of "$kind")"
  done
}

@test "--share with an unknown kind fails and names it" {
  run -125 box --share nonsense -- true
  contains "$output" nonsense
}

@test "--uidmap and --gidmap write the maps" {
  if [ "$WHO" = user ]; then
    run -0 box --uidmap "0:$(id -u "$CAISSON_TEST_USER"):1" --gidmap "0:$(id -g "$CAISSON_TEST_USER"):1" -- cat /proc/self/uid_map
    matches "$output" "^ +0 +$(id -u "$CAISSON_TEST_USER") +1$"
  else
    run -0 box --uidmap 0:500000:1000 --gidmap 0:500000:1000 -- cat /proc/self/uid_map
    matches "$output" '^ +0 +500000 +1000$'
  fi
}

@test "--time-offset moves the clocks inside" {
  need_file /proc/self/ns/time
  run -0 box --time-offset monotonic=3600,boottime=1000000 -- sh -c 'cut -d. -f1 /proc/uptime; cat /proc/self/timens_offsets'
  host=$(cut -d. -f1 /proc/uptime)
  (( ${lines[0]} - host >= 999990 && ${lines[0]} - host <= 1000010 ))
  matches "$output" 'monotonic +3600 +0'
}

@test "--security-opt no-new-privileges=false leaves no_new_privs off" {
  run -0 box --security-opt no-new-privileges=false -- grep NoNewPrivs /proc/self/status
  matches "$output" '0$'
}

@test "--security-opt seccomp=FILE loads a filter" {
  echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}' >"$HOME_OF/filter.json"
  run -0 box --security-opt "seccomp=$HOME_OF/filter.json" -- sh -c 'mkdir /tmp/x 2>&1 || true'
  contains "$output" "No space left"
}

@test "--security-opt with an unknown word fails and names it" {
  run -125 box --security-opt nonsense -- true
  contains "$output" nonsense
}
