#!/usr/bin/env bats
# caisson-oci below containerd, by its command ctr, beside runc below the same daemon.
load ../lib/suite
load engine

setup_file() {
  engine_needs containerd ctr umoci || return 0
  engine_machine
  export CONTAINERD_ADDRESS=$WORK/s
  cat >"$WORK/config.toml" <<CONFIG
version = 2
root = "$WORK/data"
state = "$WORK/exec"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
address = "$WORK/s"
[ttrpc]
address = "$WORK/s.ttrpc"
CONFIG
  engine_daemon "$WORK/log" containerd --config "$WORK/config.toml"
  umoci init --layout "$WORK/oci"
  umoci new --image "$WORK/oci:latest"
  umoci insert --image "$WORK/oci:latest" "$WORK/root" /
  umoci config --image "$WORK/oci:latest" --config.env PATH=/bin --config.workingdir /home --config.user 1000:44
  tar -C "$WORK/oci" -cf "$WORK/box.tar" .
  answers "$WORK/log" ctr version
  ctr image import --base-name box "$WORK/box.tar" >/dev/null
}

teardown_file() { engine_remove; }

setup() { engine_skip; }
teardown() {
  local id
  [ -n "${DAEMON:-}" ] && ! not_there "$DAEMON" || return 0
  for id in $(ctr container list --quiet); do
    ctr task delete --force "$id" >/dev/null 2>&1 || true
    ctr container delete "$id"
  done
}

# It makes fifos below /run, which containers write to.
ctr() { on ctr "$@"; }
ctr_run() {
  local binary=$RUNTIME
  [ "$R" = caisson ] || binary=$RUNC
  "${TERMINAL[@]}" nsenter --target "$MACHINE" --mount --net -- \
    ctr run --runc-binary "$binary" --runc-root "$WORK/states" --cgroup "/$ID/$R" "$@" 3>&- 4>&-
}
task_is() { ctr task list | grep -q "^$1 .* $2"; }

life() {
  local id=life-$R
  ctr_run --detach --log-uri "file://$WORK/log-$R" box:latest "$id" sh -c \
    'trap "echo told; exit 3" TERM; echo lives; sleep 600 & wait'
  wait_for 10 grep -q lives "$WORK/log-$R"
  task_is "$id" RUNNING && echo runs
  status_is ctr task exec --exec-id one --user 7:8 --cwd /tmp "$id" \
    sh -c 'id; pwd; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status; exit 7'
  echo input | status_is ctr task exec --exec-id two "$id" cat
  status_is ctr task exec --exec-id three "$id" /missing 2>/dev/null
  ctr task exec --detach --exec-id four "$id" sleep 50
  [ "$(ctr task ps "$id" | wc -l)" -ge 3 ] && echo "more than one"
  ctr task metrics "$id" | awk '$1 == "pids.current" {print ($2 > 1 ? "counted" : "miscounted")}'
  ctr task kill --signal TERM "$id"
  wait_for 10 task_is "$id" STOPPED
  ctr task delete "$id" 2>&1 | sed 's/.*with/with/'
  ctr container delete "$id"
  cat "$WORK/log-$R"
}

@test "containerd: a container lives: run, exec, ls, ps, metrics, kill, delete" {
  both life
  same "${lines[*]:0:3}" "runs uid=7 gid=8 groups=8 /tmp"
  contains "$output" $'status 7\ninput\nstatus 0\nstatus 1\nmore than one\n'
  lacks "$output" miscounted
  contains "$output" $'with non-zero exit code 3"\nlives\ntold'
  same "$(left_behind "$WORK/states/default" | grep -v ^process)" ""
}

SEEN='exec 2>&1; id; pwd; umask; env | sort | grep -v ^HOSTNAME; cat /etc/shared/file; cat /proc/self/oom_score_adj /proc/self/limits
  grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)" /proc/self/status; ls /dev | grep -v ^core; touch /read-only /etc/shared/file; ls /proc/self/fd | wc -l
  awk "{ at = 7; while (\$at != \"-\") at++; print \$5, \$6, \$(at + 1) }" /proc/self/mountinfo | grep -v -e ^/sys/ -e ^/proc/acpi | sort'

facts() {
  status_is ctr_run --rm --env GIVEN=value --read-only --cap-add CAP_SYS_TIME --cap-drop CAP_MKNOD --seccomp \
    --mount "type=bind,src=$WORK/shared,dst=/etc/shared,options=rbind:ro" box:latest "facts-$R" sh -c "$SEEN; exit 5"
  # A folder as the root, whose container is on a terminal.
  TERMINAL=("$SUITE_LIB/pty_session.py" --size 31x87 --expect name --send 'terminal\n' --)
  status_is ctr_run --rm --tty --net-host --env PATH=/bin --rootfs "$WORK/root-$R" "root-$R" \
    sh -c 'until [ "$(stty size 2>/dev/null)" = "31 87" ]; do sleep 0.05; done; echo name; read -r given; echo "$given $(tty)"; exit 9' 2>/dev/null
}

@test "containerd: a container from an image and one from a folder, on a terminal, see the same with both runtimes" {
  mkdir "$WORK/shared"
  echo shared >"$WORK/shared/file"
  cp -a "$WORK/root" "$WORK/root-caisson"
  cp -a "$WORK/root" "$WORK/root-runc"
  both facts
  same "${lines[*]:0:3}" "uid=1000(user) gid=44 groups=44 /home 0022"
  contains "$output" $'GIVEN=value\n'
  matches "$output" "Seccomp:.2"
  contains "$output" $'touch: /read-only: Read-only file system\ntouch: /etc/shared/file: Read-only file system\n'
  contains "$output" $'status 5\n'
  contains "$output" "terminal /dev/pts/0"
  same "${lines[-1]}" "status 9"
}

failures() {
  status_is ctr_run --rm box:latest "missing-$R" /missing >/dev/null 2>&1
  status_is ctr_run --rm --user 1:1 --rootfs /missing "rootless-$R" true >/dev/null 2>&1
}

@test "containerd: what cannot be started fails in words, and nothing is left of it" {
  both failures
  R=caisson run -1 ctr_run --rm box:latest words /missing
  contains "$output" '"/missing": no such file or directory'
  R=caisson run -1 ctr_run --rm --cpu-shares 7 box:latest words true
  contains "$output" "linux.resources.cpu.shares: limits are not supported by this version of caisson-oci"
  same "$(ctr container list --quiet)$(ctr task list --quiet)" ""
  same "$(left_behind "$WORK/states/default" | grep -v ^process)" ""
}

nothing_left() { [ -z "$(left_behind "$WORK/states/default")" ]; }

@test "containerd: the daemon ends and nothing is left on the machine" {
  same "$(ctr container list --quiet)" ""
  kill -TERM "$DAEMON"
  ended "$DAEMON"
  wait_for 5 nothing_left || { left_behind "$WORK/states/default"; return 1; }
}
