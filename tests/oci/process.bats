#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

@test "user, group and further groups are the numbers of the configuration" {
  config '.process.user = {uid: 1000, gid: 1001, additionalGids: [5, 4000000]}'
  run -0 in_box 'id -u; id -g; id -G'
  same "$output" $'1000\n1001\n1001 5 4000000'
}

@test "without further groups the process has none of the caller's" {
  run -0 in_box 'grep Groups /proc/self/status'
  matches "$output" 'Groups:[[:space:]]*(0 )?$'
}

@test "umask is 0022 unless the configuration says otherwise" {
  umask 0077
  run -0 in_box 'umask'
  same "$output" 0022
  config '.process.user.umask = 63'
  run -0 in_box 'umask'
  same "$output" 0077
}

@test "the environment is that of the configuration and nothing else" {
  export LEAKED_VARIABLE=1
  config '.process.env = ["PATH=/bin", "A=1", "EMPTY=", "HOME=/root"]'
  config '.process.args = ["/bin/env"]'
  run -0 runtime run "$ID" </dev/null
  same "$(sort <<<"$output")" $'A=1\nEMPTY=\nHOME=/root\nPATH=/bin'
}

@test "of two variables of one name the last wins" {
  config '.process.env += ["TWICE=first", "TWICE=second"]'
  run -0 in_box 'echo $TWICE'
  same "$output" second
  unless_runc "1.1 passes both on"
  config '.process.args = ["/bin/env"] | .process.env = ["TWICE=first", "PATH=/bin", "TWICE=", "HOME=/override", "HOME="]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'PATH=/bin\nTWICE=\nHOME=/root'
}

@test "HOME comes from the passwd file of the image when it is not set" {
  run -0 in_box 'echo $HOME'
  same "$output" /root
  config '.process.user.uid = 1000'
  run -0 in_box 'echo $HOME'
  same "$output" /home/user
  config '.process.user.uid = 4242'
  run -0 in_box 'echo $HOME'
  same "$output" /
}

@test "a passwd file that cannot be read is an error, one that is not there is not" {
  only_caisson "others take / for HOME"
  rm rootfs/etc/passwd
  run -0 in_box 'echo $HOME'
  same "$output" /
  mkdir rootfs/etc/passwd
  refused run "$ID"
  contains "$output" "read /etc/passwd of the container for HOME"
  contains "$output" "Is a directory"
  config '.process.env += ["HOME=/x"]'
  run -0 in_box 'echo $HOME'
  same "$output" /x
}

@test "a container does not inherit the CPUs that the runtime is pinned to" {
  unless_runc "1.1 does not reset them"
  [ "$(nproc --all)" -gt 1 ] || skip "needs two processors"
  all=$(in_box 'grep Cpus_allowed_list /proc/self/status')
  payload 'grep Cpus_allowed_list /proc/self/status'
  same "$(taskset -c 0 "$RUNTIME" --root "$STATE" run "$ID" </dev/null 3>&-)" "$all"
  start_sleeper
  same "$(taskset -c 0 "$RUNTIME" --root "$STATE" exec "$ID" grep Cpus_allowed_list /proc/self/status </dev/null 3>&-)" "$all"
}

@test "execCPUAffinity: initial until the cgroup is entered, final after, both for exec alone" {
  only_caisson "1.1 does not know it"
  [ "$(nproc --all)" -gt 1 ] || skip "needs two processors"
  all=$(in_box 'grep Cpus_allowed_list /proc/self/status')
  config '.process.execCPUAffinity = {initial: "0", final: "1"}'
  start_sleeper
  same "$(grep Cpus_allowed_list "/proc/$(pid_of)/status")" "$all"
  run -0 in_sleeper grep Cpus_allowed_list /proc/self/status
  same "${output##*[[:space:]]}" 1
  jq '.process | .execCPUAffinity = {initial: "0"} | .args = ["/bin/grep", "Cpus_allowed_list", "/proc/self/status"]' config.json >only_initial.json
  run -0 runtime exec --process "$PWD/only_initial.json" "$ID" </dev/null
  same "$output" "$all"
  runtime delete --force "$ID"
  # Without a cgroup of its own nothing resets it.
  "$RUNTIME" --root "$STATE" --cgroup-manager disabled run -d "$ID" </dev/null >/dev/null 2>&1 3>&-
  run -0 runtime exec --process "$PWD/only_initial.json" "$ID" </dev/null
  same "${output##*[[:space:]]}" 0
}

@test "cwd is where the program starts, and is made when it is missing" {
  config '.process.cwd = "/etc"'
  run -0 in_box pwd
  same "$output" /etc
  config '.process.cwd = "/not/there/yet"'
  run -0 in_box pwd
  same "$output" /not/there/yet
}

@test "a cwd that only the user can enter is fine" {
  mkdir -m 0700 rootfs/home/private; chown 1000:1000 rootfs/home/private
  config '.process.cwd = "/home/private" | .process.user = {uid: 1000, gid: 1000} | .process.capabilities = {}'
  run -0 in_box pwd
  same "$output" /home/private
}

@test "a relative cwd is refused" {
  config '.process.cwd = "etc"'
  refused create "$ID"
  contains "${output,,}" cwd
}

@test "the five capability sets are those of the configuration" {
  config '.process.capabilities = {bounding: ["CAP_CHOWN","CAP_KILL","CAP_NET_RAW","CAP_SETUID"], permitted: ["CAP_CHOWN","CAP_KILL","CAP_NET_RAW"],
    effective: ["CAP_CHOWN","CAP_KILL"], inheritable: ["CAP_KILL","CAP_NET_RAW"], ambient: ["CAP_KILL"]} | .process.user.uid = 1000'
  config '.process.args = ["/bin/cat", "/proc/self/status"]'
  run -0 runtime run "$ID" </dev/null
  matches "$output" $'CapBnd:\t00000000000020a1'
  matches "$output" $'CapInh:\t0000000000002020'
  matches "$output" $'CapAmb:\t0000000000000020'
  # After execve without file capabilities only the ambient set is left.
  matches "$output" $'CapPrm:\t0000000000000020'
}

@test "without capabilities in the configuration the process has none" {
  config 'del(.process.capabilities)'
  run -0 in_box 'grep Cap /proc/self/status'
  lacks "$(tr -d '0\n' <<<"$output")" 1
  for set in Inh Prm Eff Bnd Amb; do contains "$output" "Cap$set:"$'\t'0000000000000000; done
}

@test "capabilities that nobody knows, or that the runtime does not have, are left out with a warning" {
  config '.process.capabilities.bounding += ["CAP_NONSENSE"] | .process.capabilities.permitted += ["CAP_NONSENSE"]'
  payload 'grep CapBnd /proc/self/status'
  run -0 runtime run "$ID" </dev/null
  contains "$output" "ignoring unknown or unavailable capabilities: "
  contains "$output" CAP_NONSENSE
  same "$(grep -c 'NONSENSE.*NONSENSE' <<<"$output")" 0
  matches "$output" $'CapBnd:\t0000000020000420'
  unless_runc "1.1 fails"
  config '.process.capabilities |= map_values(["CAP_CHOWN", "CAP_KILL"])'
  run -0 setpriv --inh-caps=-chown --bounding-set=-chown "$RUNTIME" --root "$STATE" run "$ID" </dev/null 3>&-
  contains "$output" "ignoring unknown or unavailable capabilities: CAP_CHOWN"
  matches "$output" $'CapBnd:\t0000000000000020'
}

@test "a capability that cannot be ambient is left out with a warning, unless nothing is inheritable" {
  only_caisson "1.1 is silent"
  config '.process.capabilities.inheritable = ["CAP_KILL"] | .process.capabilities.ambient = ["CAP_KILL", "CAP_AUDIT_WRITE"]'
  payload 'grep CapAmb /proc/self/status'
  run -0 runtime run "$ID" </dev/null
  contains "$output" "can't raise ambient capability CAP_AUDIT_WRITE: it is not both permitted and inheritable"
  lacks "$output" CAP_KILL
  matches "$output" $'CapAmb:\t0000000000000020'
  config '.process.capabilities.inheritable = []'
  run -0 runtime run "$ID" </dev/null
  matches "$output" $'^CapAmb:\t0000000000000000$'
}

@test "rlimits are set, soft and hard" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}, {type: "RLIMIT_CORE", soft: 0, hard: 0}]'
  run -0 in_box 'ulimit -Sn; ulimit -Hn; grep core /proc/self/limits'
  same "${lines[0]}" 100
  same "${lines[1]}" 200
  matches "${lines[2]}" ' 0 +0 '
}

@test "an rlimit of an unknown type is refused" {
  config '.process.rlimits = [{type: "RLIMIT_NONSENSE", soft: 1, hard: 1}]'
  refused create "$ID"
  contains "$output" RLIMIT_NONSENSE
}

@test "an rlimit that is listed twice is refused" {
  unless_runc "1.1 accepts it"
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 1, hard: 1}, {type: "RLIMIT_NOFILE", soft: 2, hard: 2}]'
  refused create "$ID"
  contains "$output" RLIMIT_NOFILE
}

@test "oomScoreAdj is written, and left alone when it is absent" {
  config '.process.oomScoreAdj = 321'
  run -0 in_box 'cat /proc/self/oom_score_adj'
  same "$output" 321
  config 'del(.process.oomScoreAdj)'
  run -0 in_box 'cat /proc/self/oom_score_adj'
  same "$output" "$(cat /proc/self/oom_score_adj)"
}

# The kernel keeps one score for all processes that share a memory, and the runtime lends its own to the first process.
@test "oomScoreAdj is the container's alone, not also the runtime's" {
  config '.process.oomScoreAdj = 432'
  payload 'echo up >/up; while :; do sleep 0.2; done'
  "$RUNTIME" --root "$STATE" run --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&- &
  local runtime=$!
  wait_for 10 test -s rootfs/up # a container in the foreground counts as running while its first process still prepares
  same "$(cat "/proc/$(pid_of)/oom_score_adj")" 432
  same "$(cat "/proc/$runtime/oom_score_adj")" "$(cat /proc/self/oom_score_adj)"
  runtime delete --force "$ID"
  wait "$runtime" || true
}

@test "noNewPrivileges is set or not as the configuration says" {
  run -0 in_box 'grep NoNewPrivs /proc/self/status'
  matches "$output" '1$'
  config '.process.noNewPrivileges = false'
  run -0 in_box 'grep NoNewPrivs /proc/self/status'
  matches "$output" '0$'
}

@test "sysctls of the container's namespaces are written and the host keeps its own" {
  before=$(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced 2>/dev/null)
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.shm_rmid_forced": "1", "fs.mqueue.queues_max": "17", "net/ipv4/ip_default_ttl": "33"}'
  run -0 in_box 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced /proc/sys/fs/mqueue/queues_max /proc/sys/net/ipv4/ip_default_ttl'
  same "$output" $'1\n1\n17\n33'
  same "$(cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced 2>/dev/null)" "$before"
}

@test "a sysctl of the whole host is refused" {
  config '.linux.sysctl = {"vm.swappiness": "10"}'
  refused create "$ID"
  contains "$output" vm.swappiness
}

@test "a sysctl of a namespace that is shared with the host is refused" {
  without_namespace network
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  refused create "$ID"
  contains "$output" net.ipv4.ip_forward
}

@test "kernel.hostname as a sysctl is refused" {
  config '.linux.sysctl = {"kernel.hostname": "x"}'
  refused create "$ID"
  contains "$output" kernel.hostname
}

@test "signal dispositions and the mask of the caller do not reach the program" {
  config '.process.args = ["/bin/cat", "/proc/self/status"]'
  run -0 bash -c "trap '' PIPE HUP USR1; exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  matches "$output" $'SigBlk:\t0000000000000000'
  local ignored
  ignored=$(sed -n 's/^SigIgn:\t/0x/p' <<<"$output")
  same "$((ignored & (1 << 12 | 1 << 0 | 1 << 9)))" 0 # SIGPIPE, SIGHUP, SIGUSR1
  unless_runc "it knows no signal 32, which the C library of a caller may have ignored"
  matches "$output" $'SigIgn:\t0000000000000000'
}

@test "a process without args is refused" {
  config '.process.args = []'
  refused create "$ID"
  contains "$output" args
}

@test "an environment variable without = is refused" {
  unless_runc "1.1 leaves it out"
  config '.process.env += ["NOEQUALS"]'
  refused create "$ID"
  contains "$output" NOEQUALS
}

@test "the session keyring is the container's own and --no-new-keyring keeps the caller's" {
  need_file /proc/keys
  config '.linux.maskedPaths = []'
  run -0 in_box 'cat /proc/keys'
  contains "$output" "_ses.$ID"
  # Another ID: the kernel lists keyrings for a while after their end.
  runtime run --no-new-keyring "$ID-2" </dev/null >"$WORK/keys"
  lacks "$(cat "$WORK/keys")" "_ses.$ID-2"
}

@test "the program is found in the PATH of the configuration, inside the container" {
  mkdir -p rootfs/opt/tools
  cp rootfs/bin/busybox rootfs/opt/tools/busybox
  config '.process.env = ["PATH=/opt/tools"] | .process.args = ["busybox", "echo", "found"]'
  run -0 runtime run "$ID" </dev/null
  same "$output" found
}

@test "argv reaches the program byte for byte" {
  config '.process.args = ["/bin/busybox", "printf", "<%s>", "a b", "", "ü", "x\ny"]'
  run -0 runtime run "$ID" </dev/null
  same "$output" $'<a b><><ü><x\ny>'
}

@test "scheduling policy, nice value and I/O priority are set" {
  unless_runc "1.1 does not know them"
  config '.process.scheduler = {policy: "SCHED_BATCH", nice: 5} | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 2}'
  start_sleeper
  pid=$(pid_of)
  contains "$(chrt -p "$pid")" SCHED_BATCH
  same "$(cut -d' ' -f19 "/proc/$pid/stat")" 5
  contains "$(ionice -p "$pid")" "best-effort: prio 2"
}

@test "personality LINUX32 is set" {
  unless_runc "1.1 does not know it"
  config '.linux.personality = {domain: "LINUX32"}'
  run -0 in_box 'uname -m'
  same "$output" i686
}

@test "a memory policy is set" {
  unless_runc "1.1 does not know it"
  need_file /proc/self/numa_maps
  config '.linux.memoryPolicy = {mode: "MPOL_INTERLEAVE", nodes: "0"}'
  run -0 in_box 'head -n 1 /proc/self/numa_maps'
  contains "$output" interleave:0
}
