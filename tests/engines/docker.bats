#!/usr/bin/env bats
# caisson-oci below dockerd, beside runc below the same daemon.
load ../lib/suite
load engine

setup_file() {
  engine_needs dockerd docker iptables || return 0
  engine_machine
  export DOCKER_HOST=unix://$WORK/d DOCKER_CONFIG=$WORK/client
  engine_hides /etc/docker # where its key always is
  mkdir "$WORK/client" "$WORK/shared"
  echo shared >"$WORK/shared/file"
  mknod "$WORK/loops" c 10 237
  jq -n --arg path "$RUNTIME" '{runtimes: {caisson: {path: $path}}}' >"$WORK/daemon.json"
  engine_daemon "$WORK/log" dockerd --host "$DOCKER_HOST" --data-root "$WORK/data" --exec-root "$WORK/exec" --pidfile "$WORK/pid" \
    --config-file "$WORK/daemon.json" --cgroup-parent "/$ID" --exec-opt native.cgroupdriver=cgroupfs
  answers "$WORK/log" docker version
  tar -C "$WORK/root" -c . | docker import - box >/dev/null
}

teardown_file() { engine_remove; }

setup() { engine_skip; }
teardown() {
  local left
  [ -n "${DAEMON:-}" ] && ! not_there "$DAEMON" || return 0
  mapfile -t left < <(docker ps --all --quiet)
  [ "${#left[@]}" = 0 ] || docker rm --force --volumes "${left[@]}" >/dev/null
}

docker() { command docker "$@" 3>&- 4>&-; }
of() { docker inspect --format "{{$2}}" "$1"; }
is() { [ "$(of "$1" "$2")" = "$3" ]; }
logs_have() { docker logs "$1" 2>&1 | grep -q "$2"; }

life() {
  local name=life-$R
  docker run --detach --runtime "$R" --name "$name" --env FROM=run --device "$WORK/loops:/dev/loops:r" box sh -c \
    'trap "echo told; exit 3" TERM; echo lives; echo badly >&2; sleep 600 & wait' >/dev/null
  docker exec --user 1000:44 --workdir /home --env MORE=exec "$name" sh -c 'id; pwd; echo "$FROM $MORE"; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status'
  docker exec "$name" sh -c 'cat </dev/loops; echo >/dev/loops; true' 2>&1
  status_is docker exec "$name" sh -c 'exit 7'
  status_is docker exec "$name" sh -c 'kill -TERM $$'
  echo input | status_is docker exec --interactive "$name" sh -c 'cat; exit 1'
  status_is docker exec "$name" /missing 2>/dev/null | tail -n 1
  docker top "$name" -o pid,comm,user | awk '{ print $2, $3 }' | sort -u
  wait_for 5 logs_have "$name" lives
  wait_for 5 logs_have "$name" badly
  docker logs "$name" 2>/dev/null
  { docker logs "$name" >/dev/null; } 2>&1
  docker stop --time 10 "$name" >/dev/null
  of "$name" .State.ExitCode
  docker logs "$name" 2>/dev/null
  docker start "$name" >/dev/null
  of "$name" .State.Status
  docker kill "$name" >/dev/null
  wait_for 5 is "$name" .State.Status exited
  of "$name" .State.ExitCode
  docker rm "$name" >/dev/null
}

@test "docker: a container lives: run, exec, top, logs, stop, start, kill, rm" {
  both life
  same "${lines[0]}" "uid=1000(user) gid=44 groups=44"
  contains "$output" $'/home\nrun exec\n'
  contains "$output" "can't create /dev/loops: Operation not permitted"
  contains "$output" $'status 7\nstatus 143\ninput\nstatus 1\n'
  contains "$output" $'lives\nbadly\n3\nlives\ntold\nrunning\n137'
}

again() {
  docker run --detach --runtime "$R" --name "again-$R" --restart on-failure:1 box sh -c 'echo once; exit 5' >/dev/null
  wait_for 20 is "again-$R" '.RestartCount}} {{.State.Status' "1 exited"
  docker logs "again-$R"
  of "again-$R" .State.ExitCode
}

@test "docker: the restart policy starts what failed again" {
  both again
  same "$output" $'once\nonce\n5'
}

facts() {
  docker run --rm --runtime "$R" --init --hostname facts --user 1000:44 --group-add 77 --cap-drop ALL --cap-add CHOWN --cap-add NET_RAW \
    --read-only --tmpfs /tmp:size=64k,mode=1777 --volume "$WORK/shared:/shared:ro" --ulimit nofile=99:100 --ulimit core=0 \
    --sysctl net.ipv4.ip_unprivileged_port_start=7 --oom-score-adj 77 --device /dev/null:/dev/empty --shm-size 1m \
    --security-opt no-new-privileges --env GIVEN=value --workdir /home box sh -c 'exec 2>&1
    id; hostname; pwd; umask; echo "$GIVEN $PATH"; cat /proc/1/comm /proc/self/oom_score_adj /proc/sys/net/ipv4/ip_unprivileged_port_start
    grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)" /proc/self/status
    ulimit -Sn; ulimit -Hn; ulimit -c; cat /proc/self/limits
    ls -l /dev | grep -v " core -> " | sed "s/ [A-Z][a-z][a-z] .*[0-9]:[0-9]* / /"
    echo x >/dev/empty; touch /read-only /shared/read-only; touch /tmp/written && cat /shared/file
    ls /proc/self/fd | wc -l; ls /proc/acpi /sys/firmware; wc -c </proc/timer_list
    awk "{ at = 7; while (\$at != \"-\") at++; print \$5, \$6, \$(at + 1), (\$5 == \"/\" ? \"\" : \$(at + 3)) }" /proc/self/mountinfo | sort |
      grep -v -E "^/sys/fs/cgroup|^/proc/acpi |^/sys/firmware "'
}

@test "docker: a container with many options sees the same with both runtimes" {
  both facts
  same "${lines[0]}" "uid=1000(user) gid=44 groups=44,77"
  contains "$output" $'facts\n/home\n0022\nvalue /'
  contains "$output" $'\n77\n7\n'
  matches "$output" $'CapBnd:\t0000000000002001'
  matches "$output" $'NoNewPrivs:\t1\nSeccomp:\t2'
  contains "$output" $'\n99\n100\n0\n'
  contains "$output" "touch: /read-only: Read-only file system"
  contains "$output" $'touch: /shared/read-only: Read-only file system\nshared\n'
  contains "$output" $'\n/ ro,'
  contains "$output" "/dev/shm rw,nosuid,nodev,noexec,relatime tmpfs rw,size=1024k"
}

terminal() {
  "$SUITE_LIB/pty_session.py" --size 31x87 --expect name --send 'terminal\n' -- docker run --rm --tty --interactive --runtime "$R" box sh -c '
    until [ "$(stty size 2>/dev/null)" = "31 87" ]; do sleep 0.05; done
    echo name; read -r given; echo "$given $(tty)"; ls -l /dev/console | cut -c1-10; exit 9' 2>/dev/null || echo "status $?"
}

streams() {
  local status=0
  echo given | docker run --rm --interactive --runtime "$R" box sh -c 'cat; echo complaint >&2; exit 42' >"$WORK/$R.1" 2>"$WORK/$R.2" || status=$?
  cat "$WORK/$R.1"; echo "errors: $(cat "$WORK/$R.2")"; echo "status $status"
  status_is docker run --rm --runtime "$R" box /missing 2>/dev/null
  status_is docker run --rm --runtime "$R" box /etc 2>/dev/null
}

@test "docker: a terminal has its size, input arrives, outputs stay apart, and the end is told" {
  both terminal
  contains "$output" $'terminal /dev/pts/0\r\ncrw--w----\r\nstatus 9'
  both streams
  same "$output" $'given\nerrors: complaint\nstatus 42\nstatus 127\nstatus 126'
}

NAMES='for n in pid ipc net uts mnt; do readlink /proc/self/ns/$n; done'
# spaces_in WHOSE OPTIONS...
spaces_in() { docker run --rm --runtime "$R" --pid "$1" --ipc "$1" --network "$1" "${@:2}" box sh -c "$NAMES"; }
other() { case $R in caisson) echo runc ;; *) echo caisson ;; esac; }
compared() {
  local n=0 kind
  for kind in pid ipc net uts mnt; do
    n=$((n + 1))
    [ "$(sed -n "${n}p" <<<"$1")" = "$(sed -n "${n}p" <<<"$2")" ] && echo "$kind shared" || echo "$kind own"
  done
}

shared() {
  local friend hers
  hers=donor-$(other)
  friend=$(docker exec "$hers" sh -c "$NAMES")
  compared "$friend" "$(spaces_in "container:$hers")"
  compared "$(on sh -c "$NAMES")" "$(spaces_in host --uts host)"
}

@test "docker: namespaces are those of a container of the other runtime, or of the host" {
  docker run --detach --runtime caisson --ipc shareable --name donor-caisson box sleep 60 >/dev/null &
  first=$!
  docker run --detach --runtime runc --ipc shareable --name donor-runc box sleep 60 >/dev/null
  wait "$first"
  both shared
  same "${lines[*]}" "pid shared ipc shared net shared uts own mnt own pid shared ipc shared net shared uts shared mnt own"
}

serve() {
  docker run --detach --runtime "$1" --name "web-$1" --publish "127.0.0.1:$2:80" box \
    sh -c 'mkdir /www; hostname >/www/index.html; echo "$0" >/www/name; exec busybox httpd -f -p 80 -h /www' "$1" >/dev/null
}

fetch() {
  local peer
  peer=$(of "web-$(other)" .NetworkSettings.IPAddress)
  wait_for 10 docker exec "web-$R" busybox wget -q -O - "http://$peer/name" | sed "s/$(other)/the other/" | tail -n 1
  docker exec "web-$R" sh -c 'wc -l </etc/hosts; busybox ip -o -4 address show eth0 | sed "s/.*scope/scope/"; busybox ip route | sed 1q'
}

@test "docker: containers of both runtimes reach each other over the bridge, and the machine a published port" {
  serve caisson 8081 &
  first=$!
  serve runc 8082
  wait "$first"
  both fetch
  same "${lines[0]}" "the other"
  same "$(wait_for 10 on busybox wget -q -O - http://127.0.0.1:8081/name)" caisson
  same "$(wait_for 10 on busybox wget -q -O - http://127.0.0.1:8082/name)" runc
}

# Engines keep the states of all runtimes in one place.
states() { find "$WORK"/exec/runtime-runc/moby -mindepth 1; }

@test "docker: what caisson-oci does not do is refused in words, and nothing is left of it" {
  local option member supported
  for option in "--memory 64m" "--pids-limit 20" "--cpus 1"; do
    case $option in
      --m*) member=memory.limit supported=MemoryLimit ;;
      --p*) member=pids.limit supported=PidsLimit ;;
      *) member=cpu.quota supported=CPUCfsQuota ;;
    esac
    # The daemon leaves out what its host has no controller for.
    [ "$(docker info --format "{{.$supported}}")" = true ] || continue
    # shellcheck disable=SC2086 # an option and its value
    run -125 docker run --runtime caisson --name refused $option box true
    contains "$output" ": linux.resources.$member: limits are not supported by this version of caisson-oci"
    same "$(states)" ""
    docker rm refused >/dev/null
  done
  same "$(left_behind | grep ^/sys)" ""
  docker run --detach --runtime caisson --name stays box sleep 60 >/dev/null
  states; [ -n "$(states)" ]
  run -1 docker pause stays
  contains "$output" "pause is not part of this version of caisson-oci"
  same "$(of stays .State.Status)" running
}

@test "docker: ten containers at a time end, each with its status" {
  local number pids=() status=0
  for number in 11 12 13 14 15 16 17 18 19 20; do
    docker run --rm --runtime caisson box sh -c "echo $number; exit $number" >"$WORK/parallel.$number" 2>&1 &
    pids+=($!)
  done
  for number in 11 12 13 14 15 16 17 18 19 20; do
    status=0
    wait "${pids[number - 11]}" || status=$?
    same "$status $(cat "$WORK/parallel.$number")" "$number $number"
  done
}

nothing_left() { [ -z "$(left_behind "$WORK/exec/runtime-runc/moby")" ]; }

@test "docker: the daemon ends and nothing is left on the machine" {
  same "$(docker ps --all --quiet)" ""
  same "$(on ip -o link show type veth)" ""
  kill -TERM "$DAEMON"
  ended "$DAEMON"
  wait_for 5 nothing_left || { left_behind; return 1; }
}
