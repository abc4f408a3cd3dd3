#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "exec runs a second program in the namespaces of the container" {
  start_sleeper
  run -0 in_sleeper hostname
  same "$output" box
  init=$(pid_of)
  for kind in pid net ipc uts mnt cgroup user; do
    [ -e "/proc/$init/ns/$kind" ] || continue
    same "$(runtime exec "$ID" readlink "/proc/self/ns/$kind" </dev/null)" "$(ns_of "$kind" "$init")"
  done
}

@test "exec joins the time namespace too" {
  unless_runc "1.1 knows no time namespaces"
  need_file /proc/self/ns/time
  with_namespace time
  start_sleeper
  same "$(runtime exec "$ID" readlink /proc/self/ns/time </dev/null)" "$(ns_of time "$(pid_of)")"
}

@test "exec exits with the status of the command" {
  start_sleeper
  run -0 in_sleeper true
  run -1 in_sleeper false
  run -42 in_sleeper sh -c 'exit 42'
}

@test "exec exits with 128 and the signal that ended the command" {
  start_sleeper
  run -137 in_sleeper sh -c 'kill -KILL $$'
  run -143 in_sleeper sh -c 'kill -TERM $$'
}

@test "exec of a missing program exits 255 and says executable file not found" {
  start_sleeper
  run -255 in_sleeper no-such-program
  contains "$output" "executable file not found in \$PATH"
}

@test "exec of a missing path says no such file or directory" {
  start_sleeper
  run -255 in_sleeper /no/such/program
  contains "$output" "no such file or directory"
}

@test "exec passes standard streams through" {
  start_sleeper
  same "$(echo hello | runtime exec "$ID" cat)" hello
  same "$(runtime exec "$ID" sh -c 'echo err >&2' </dev/null 2>&1 >/dev/null)" err
}

@test "exec into a container that does not exist fails with 255" {
  run -255 runtime exec no-such-container true
  contains "$output" "does not exist"
}

@test "exec into a stopped container fails" {
  payload 'exit 0'
  detached run -d "$ID"
  wait_for 5 has_status stopped
  run -255 in_sleeper true
  contains "$output" "cannot exec in a stopped container"
}

@test "exec into a created container works before start" {
  detached create "$ID"
  run -0 in_sleeper hostname
  same "$output" box
  same "$(status_of)" created
}

@test "exec -e adds to the environment of the container" {
  start_sleeper
  run -0 runtime exec -e A=1 -e B=two "$ID" env </dev/null
  contains "$output" "A=1"
  contains "$output" "B=two"
  contains "$output" "TERM=xterm"
}

@test "exec --cwd starts there" {
  start_sleeper
  run -0 runtime exec --cwd /etc "$ID" pwd </dev/null
  same "$output" /etc
}

@test "exec --user takes a number, or a number and a group" {
  start_sleeper
  run -0 runtime exec --user 1000 "$ID" id -u </dev/null
  same "$output" 1000
  run -0 runtime exec -u 1000:5 "$ID" id </dev/null
  contains "$output" "uid=1000"
  contains "$output" "gid=5"
}

@test "exec --additional-gids sets the supplementary groups" {
  start_sleeper
  run -0 runtime exec --user 1000:1000 --additional-gids 100 --additional-gids 65534 "$ID" id -G </dev/null
  same "$output" "1000 100 65534"
}

@test "exec --cap gives capabilities to the command only" {
  config '.process.capabilities = {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"]}'
  start_sleeper
  run -0 runtime exec --cap CAP_NET_RAW "$ID" grep CapEff /proc/self/status </dev/null
  # 13 is CAP_NET_RAW
  eff=0x${output##*[[:space:]]}
  (( eff & (1 << 13) ))
  run -0 runtime exec "$ID" grep CapEff /proc/self/status </dev/null
  eff=0x${output##*[[:space:]]}
  (( eff == (1 << 5) ))
}

@test "exec --cap is ambient, too, where the configuration has the capability as inheritable" {
  unless_runc "1.1 raises none"
  config '.process.capabilities = {"bounding": ["CAP_CHOWN", "CAP_SYSLOG"], "permitted": ["CAP_CHOWN"], "inheritable": ["CAP_CHOWN", "CAP_SYSLOG"], "ambient": ["CAP_CHOWN"]}'
  start_sleeper
  run -0 runtime exec --cap CAP_SYSLOG "$ID" grep CapAmb /proc/self/status </dev/null
  matches "$output" $'CapAmb:\t0000000400000001'
}

@test "exec --no-new-privs sets no_new_privs" {
  config '.process.noNewPrivileges = false'
  start_sleeper
  run -0 runtime exec --no-new-privs "$ID" grep NoNewPrivs /proc/self/status </dev/null
  matches "$output" '1$'
  run -0 in_sleeper grep NoNewPrivs /proc/self/status
  matches "$output" '0$'
}

@test "exec --process takes everything from the file" {
  start_sleeper
  jq '.process | .args = ["/bin/sh", "-c", "pwd; id -u; echo $WORD"] | .cwd = "/etc" | .user.uid = 1000 | .env += ["WORD=file"]' \
    config.json >"$WORK/process.json"
  run -0 runtime exec --process "$WORK/process.json" "$ID" </dev/null
  same "$output" $'/etc\n1000\nfile'
  run -0 runtime exec -p "$WORK/process.json" "$ID" </dev/null
}

@test "exec --detach returns at once and leaves the pid of the command in the pid file" {
  start_sleeper
  detached exec --detach --pid-file "$WORK/exec.pid" "$ID" sleep 1000
  pid=$(cat "$WORK/exec.pid")
  matches "$pid" '^[0-9]+$'
  # The kernel says that it has executed the program a little before it shows the new command line.
  wait_for 5 grep -qxz sleep "/proc/$pid/cmdline"
  same "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "sleep 1000 "
  same "$(ns_of pid "$pid")" "$(ns_of pid "$(pid_of)")"
}

@test "exec that fails writes no pid file" {
  start_sleeper
  run ! runtime exec --pid-file "$WORK/exec.pid" "$ID" no-such-program </dev/null
  [ ! -e "$WORK/exec.pid" ]
}

@test "exec joins the cgroup of the container" {
  start_sleeper
  detached exec -d --pid-file "$WORK/exec.pid" "$ID" sleep 1000
  same "$(cat "/proc/$(cat "$WORK/exec.pid")/cgroup")" "$(cat "/proc/$(pid_of)/cgroup")"
}

@test "exec --cgroup enters a cgroup below the container's, for each controller another" {
  need_file /sys/fs/cgroup/pids/cgroup.procs
  need_file /sys/fs/cgroup/memory/cgroup.procs
  unless_runc "1.1 enters one path in every hierarchy or none"
  config --arg p "/$ID-own" '.linux.cgroupsPath = $p'
  later sh -c "find /sys/fs/cgroup -depth -type d -path '*$ID-own*' -exec rmdir {} +"
  start_sleeper
  mkdir "/sys/fs/cgroup/pids/$ID-own/few" "/sys/fs/cgroup/memory/$ID-own/small"
  run -0 runtime exec --cgroup pids:few --cgroup memory:small "$ID" cat /proc/self/cgroup </dev/null
  contains "$output" ":pids:/few"
  contains "$output" ":memory:/small"
  contains "$output" $':freezer:/\n'
  refused exec --cgroup pids:none "$ID" true
  contains "$output" "--cgroup: open cgroup /sys/fs/cgroup/pids/$ID-own/none: No such file"
  refused exec --cgroup pids:../other "$ID" true
  contains "$output" "../other is not a sub cgroup path"
  refused exec --cgroup few "$ID" true
  contains "$output" "No such file"
  refused exec --cgroup few --cgroup pids:few "$ID" true
  contains "$output" "stands alone"
}

@test "exec inherits capabilities, no_new_privs and seccomp of the container" {
  config '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
    "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}'
  start_sleeper
  run -0 in_sleeper cat /proc/self/status
  of_exec=$(grep -E '^(Cap|NoNew|Seccomp:)' <<<"$output")
  same "$of_exec" "$(grep -E '^(Cap|NoNew|Seccomp:)' "/proc/$(pid_of)/status")"
  run ! in_sleeper mkdir /tmp/x
  contains "$output" "No space left"
}

@test "exec gives the command the rlimits of the configuration" {
  unless_runc "1.1 sets them while Go's start raises the soft limit of open files: now and then that comes last"
  config '.process.rlimits = [{"type": "RLIMIT_NOFILE", "hard": 512, "soft": 256}]'
  start_sleeper
  run -0 in_sleeper sh -c 'ulimit -Sn; ulimit -Hn'
  same "$output" $'256\n512'
}

@test "exec sets the rlimits before the command runs, each time" {
  unless_runc "1.1 sets them while the command starts"
  start_sleeper
  # An ordinary user, whose limits nobody but root may set once it runs.
  jq '.process | .args = ["/bin/sh", "-c", "ulimit -n"] | .user.uid = 1000 | .rlimits = [{type: "RLIMIT_NOFILE", soft: 99, hard: 99}]' \
    config.json >"$WORK/process.json"
  thirty() { for _ in $(seq 30); do runtime exec --process "$WORK/process.json" "$ID" </dev/null 2>&1 || echo failed; done; }
  thirty >"$WORK/limits-1" 3>&- &
  thirty >"$WORK/limits-2"
  wait $!
  same "$(sort "$WORK"/limits-? | uniq -c | xargs)" "60 99"
}

@test "exec opens no descriptor but the standard three" {
  start_sleeper
  run -0 in_sleeper ls /proc/self/fd
  same "$output" $'0\n1\n2\n3'
}

@test "what follows the ID belongs to the command, also what looks like an option" {
  start_sleeper
  run -0 in_sleeper echo --cwd /etc -d
  same "$output" "--cwd /etc -d"
}

@test "exec without a command is a usage error" {
  start_sleeper
  run ! runtime exec "$ID" </dev/null
  run ! runtime exec </dev/null
}

@test "exec as an all-digit user never looks the name up in the image" {
  printf 'root:x:0:0::/:/bin/sh\n1000:x:0:0::/:/bin/sh\n' >rootfs/etc/passwd
  start_sleeper
  run -0 runtime exec --user 1000 "$ID" id -u </dev/null
  same "$output" 1000
}

@test "exec --preserve-fds passes descriptors on" {
  start_sleeper
  echo "from outside" >"$WORK/passed"
  run -0 bash -c "exec 3<$WORK/passed; exec '$RUNTIME' --root '$STATE' exec --preserve-fds 1 $ID sh -c 'cat <&3'"
  same "$output" "from outside"
}

@test "many execs at the same time all answer" {
  start_sleeper
  for n in 1 2 3 4 5 6 7 8; do
    runtime exec "$ID" echo "answer $n" </dev/null >"$WORK/answer.$n" 2>&1 &
    running+=" $!"
  done
  wait $running
  for n in 1 2 3 4 5 6 7 8; do same "$(cat "$WORK/answer.$n")" "answer $n"; done
}

@test "exec leaves no process after the command ended" {
  config '.process.args = ["/bin/sleep", "1000"]'
  detached run -d "$ID"
  in_sleeper true
  same "$(processes_of_test)" "$(pid_of)"
}

# While it is being made its first process is a copy of the runtime that may still have this machine's root: who joined it was there.
@test "nobody can enter a container that is still being created" {
  unless_runc "1.1 does not know it yet"
  mkfifo "$WORK/gate"
  config --arg gate "$WORK/gate" '.hooks.createContainer = [{path: "/bin/sh", args: ["sh", "-c", "exec cat \"$0\" >/dev/null", $gate]}]'
  payload 'echo up >/up; exec sleep 1000'
  for command in create run; do
    "$RUNTIME" --root "$STATE" "$command" --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>"$WORK/err" 3>&- 4>&- &
    local runtime=$!
    wait_for 10 eval '[ "$(pid_of)" -gt 0 ] 2>/dev/null'
    same "$(status_of)" creating
    run -255 in_sleeper ls /
    contains "$output" "still being created"
    run -0 runtime list -f json
    contains "$output" '"creating"'
    run -125 "$CAISSON" --root "$STATE" ns show "container:$ID"
    contains "$output" "still being created"
    timeout 10 sh -c 'echo >"$0"' "$WORK/gate"
    if [ "$command" = create ]; then
      wait "$runtime"
      has_status created
      runtime start "$ID"
    fi
    wait_for 10 test -e rootfs/up
    has_status running
    run -0 in_sleeper ls /up
    runtime delete --force "$ID"
    wait "$runtime" || true
    rm rootfs/up
  done
}
