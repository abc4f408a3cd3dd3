#!/usr/bin/env bats
# caisson-oci below podman, beside runc, where only cgroup v2 is mounted.
load ../lib/suite
load engine

setup_file() {
  engine_needs podman conmon || return 0
  engine_machine "$SUITE_TREE/tests/v2-view"
  engine_hides /var/lib/containers # where its cache always is
  R=caisson
  tar -C "$WORK/root" -c . | podman import - box >/dev/null 2>&1
}

teardown_file() { engine_remove; }

setup() { engine_skip; }
teardown() { [ -z "${WORK:-}" ] || podman rm --all --force --time 0 >/dev/null; }

podman() {
  local binary=$RUNTIME
  [ "$R" != runc ] || binary=$RUNC
  on podman --root "$WORK/data" --runroot "$WORK/exec" --tmpdir "$WORK/tmp" --cgroup-manager cgroupfs --events-backend none --runtime "$binary" "$@"
}
# Limits of processes are not for caisson-oci, and the others of podman may be above what this root may set.
LIMITS=(--pids-limit 0 --ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
podman_run() { podman run --network none --cgroup-parent "/$ID" "${LIMITS[@]}" "$@"; }
# podman_run_in WHOSE ARGS...
podman_run_in() { podman run --rm --cgroup-parent "/$ID" "${LIMITS[@]}" --pid "$1" --network "$1" --ipc "$1" "${@:2}"; }
logs_have() { podman logs "$1" 2>&1 | grep -q "$2"; }

life() {
  local name=life-$R
  podman_run --detach --name "$name" --env FROM=run --log-driver k8s-file box sh -c \
    'trap "echo told; exit 3" TERM; echo lives; sleep 600 & wait' >/dev/null
  podman exec --user 1000:44 --workdir /home --env MORE=exec "$name" sh -c 'id; pwd; echo "$FROM $MORE"; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status'
  status_is podman exec "$name" sh -c 'exit 7'
  echo input | status_is podman exec --interactive "$name" sh -c 'cat; kill -TERM $$'
  status_is podman exec "$name" /missing 2>/dev/null
  podman top "$name" user comm | sort -u
  wait_for 5 logs_have "$name" lives
  echo copied >"$WORK/in-$R"
  podman cp "$WORK/in-$R" "$name:/home/in"
  podman cp "$name:/home/in" "$WORK/out-$R"
  cat "$WORK/out-$R"
  podman stop --time 10 "$name" >/dev/null
  podman inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$name"
  podman logs "$name"
  podman start "$name" >/dev/null
  podman exec "$name" cat /home/in
  podman kill "$name" >/dev/null
  podman wait "$name"
  podman rm "$name" >/dev/null
}

@test "podman: a container lives: run, exec, top, logs, cp, stop, start, kill, rm" {
  both life
  same "${lines[*]:0:3}" "uid=1000(user) gid=44 /home run exec"
  contains "$output" $'status 7\ninput\nstatus 143\nstatus 127\n'
  contains "$output" $'copied\nexited 3\nlives\ntold\ncopied\n137'
  same "$(remains | grep -v ^process)" ""
}

# The group of the monitors, where podman leaves it, is empty.
remains() {
  local left
  left=$(left_behind /run/caisson /run/runc)
  grep -v -e "/conmon$" -e "^mount $WORK/data/overlay$" <<<"$left" || true
}

facts() {
  status_is podman_run --rm --init --hostname facts --user 1000:44 --group-add 77 --cap-drop ALL --cap-add CHOWN --read-only \
    --tmpfs /scratch:size=64k --volume "$WORK/shared:/shared:ro" --oom-score-adj 77 --shm-size 1m --security-opt no-new-privileges \
    --device /dev/null:/dev/empty --env GIVEN=value --workdir /home box sh -c 'exec 2>&1
    id | sed "s/(44)//g"; hostname; pwd; umask; echo "$GIVEN"; cat /proc/1/comm /proc/self/oom_score_adj; ulimit -n
    grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)" /proc/self/status
    ls -l /dev | grep -v " core -> " | sed "s/ [A-Z][a-z][a-z] .*[0-9]:[0-9]* / /"
    echo x >/dev/empty; touch /read-only /shared/read-only; touch /scratch/written && cat /shared/file; ls /proc/self/fd | wc -l
    awk "{ at = 7; while (\$at != \"-\") at++; print \$5, \$6, \$(at + 1) }" /proc/self/mountinfo | sort | grep -v -e ^/proc/acpi -e ^/sys/
    exit 5'
  echo given | status_is podman_run --rm --interactive --privileged=false box sh -c 'cat; echo complaint >&2; exit 42' 2>"$WORK/$R.2"
  cat "$WORK/$R.2"
}

@test "podman: a container with many options sees the same with both runtimes, and tells its end" {
  mkdir "$WORK/shared"
  echo shared >"$WORK/shared/file"
  both facts
  same "${lines[*]:0:4}" "uid=1000(user) gid=44 groups=44,77 facts /home 0022"
  contains "$output" $'\nstatus 5\ngiven\nstatus 42\ncomplaint'
  contains "$output" $'touch: /shared/read-only: Read-only file system\nshared\n'
}

SPACES='for n in pid net ipc uts; do readlink /proc/self/ns/$n; done'

joined() {
  local other=runc
  [ "$R" = caisson ] || other=caisson
  podman exec "donor-$other" sh -c "$SPACES" | sed 4d >"$WORK/donor-of-$R"
  podman_run_in "container:donor-$other" box sh -c "$SPACES" | sed 4d | diff - "$WORK/donor-of-$R"
  podman_run_in host --uts host box sh -c "$SPACES" | diff - <(on sh -c "$SPACES")
  status_is podman_run --rm box /missing 2>/dev/null
  status_is podman_run --rm box /etc 2>/dev/null
}

@test "podman: namespaces are those of a container of the other runtime or of the machine; what cannot be started says so" {
  R=caisson podman_run --detach --name donor-caisson box sleep 60 >/dev/null &
  first=$!
  R=runc podman_run --detach --name donor-runc box sleep 60 >/dev/null
  wait "$first"
  same "$(on find /run/caisson /run/runc -mindepth 1 -maxdepth 1 | wc -l)" 2
  both joined
  same "$output" $'status 127\nstatus 126'
  R=caisson run -126 podman_run --rm --pids-limit 20 box true
  contains "$output" "linux.resources.pids.limit: limits are not supported by this version of caisson-oci"
}

nothing_left() { [ -z "$(remains)" ]; }

@test "podman: nothing is left on the machine" {
  same "$(podman ps --all --quiet)" ""
  wait_for 5 nothing_left || { remains; return 1; }
}
