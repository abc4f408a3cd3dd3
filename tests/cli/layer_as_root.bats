#!/usr/bin/env bats
# What a detached container writes outlives its end. The file layer_as_user.bats is a link to this one: the same tests as an
# ordinary user. Layers above images: commit_as_root.bats.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }
files() { find "$STATE" -mindepth 1 ! -name .containers ! -name .lock; }

@test "start goes on with what was written, cp and diff reach it in between, and rm takes it away" {
  person mkdir vol
  local seen='"$(stat -c "%a %u" /kept)"'
  run -0 c run -d --name "$NAME" --tmpfs /scratch -v ./vol:/vol -- sh -c \
    "echo run >>/kept; chmod 711 / /kept; chown 7 /kept 2>/dev/null; rm -rf /opt/x; ln -sfn a /to; mkdir -p /tmp/d; echo $seen; cat /kept; ls /tmp"
  c wait "$NAME"
  c start "$NAME"
  same "$(c wait "$NAME")" 0
  same "$(c logs -n 4 "$NAME" | sed 's/^711 [07]$/711/')" 711$'\n'run$'\n'run$'\n'd
  contains "$(c diff "$NAME")" "A /kept"
  c cp "$NAME:/kept" kept
  same "$(cat kept)" run$'\n'run
  echo more >more
  c cp more "$NAME:/more"
  c cp more "$NAME:/tmp/d"
  c cp more "$NAME:/vol/"
  same "$(cat vol/more)" more
  for path in /scratch/more /dev/shm/more /proc/more; do
    run -125 c cp more "$NAME:$path"
    contains "$output" "only while it runs"
  done
  run -125 c cp "$NAME:/none" .
  contains "$output" "No such file"
  same "$(c ps -a | wc -l)" 2
  c start "$NAME"
  c wait "$NAME"
  contains "$(c diff "$NAME")" "A /more"
  c cp "$NAME:/tmp/d" - | tar t | grep -qx d/more
  c rm "$NAME"
  same "$(files)" ""
}

@test "a layer without a record is pruned, and a record without its layer says so" {
  run -0 c run -d --name "$NAME" -- sh -c 'mkdir /d; : >/d/f; chown 7:7 /d/f /d || true; chmod 700 /d'
  id=$output
  c wait "$NAME"
  # As after a kill in the middle of rm, and of its very beginning.
  mv "$STATE/.containers/$id" "$STATE/.containers/.gone-$id"
  c prune
  same "$(files)" ""
  run -0 c run -d --name "$NAME" -- true
  id=$output
  c wait "$NAME"
  rm "$STATE/.containers/$id/record"
  c prune
  same "$(files)" ""
  # As after a kill in the first moments of a start: what is there already is no obstacle.
  run -0 c run -d --name "$NAME" -- true
  c wait "$NAME"
  rmdir "$STATE/.containers/$output/layer/whole"
  c start "$NAME"
  c wait "$NAME"
  [ -d "$STATE/.containers/$output/layer/whole" ]
  rm -rf "$STATE/.containers/$output/layer"
  for what in start diff "cp more"; do
    # shellcheck disable=SC2086
    run -125 c $what "$NAME${what:+$([ "$what" != "cp more" ] || echo :/more)}"
    contains "$output" "is gone"
  done
  c rm "$NAME"
  same "$(files)" ""
}

@test "where no overlay can write, a container that keeps its layer is refused, and one with --rm runs" {
  [ "$WHO" = root ] || skip "needs a mount"
  run -0 unshare --mount sh -c 'mkdir o o/u o/w over && mount -t overlay o over -o lowerdir=/etc,upperdir=o/u,workdir=o/w || exit 9
    "$0" --root "$PWD/over/state" run -d -- true; echo "status $?"; "$0" --root "$PWD/over/state" run -d --rm -- true
    for try in $(seq 500); do left=$(find over/state/.containers -mindepth 1 ! -name .lock); [ -n "$left" ] || break; sleep 0.02; done; echo $left' "$PROGRAM"
  contains "$output" "of type overlay"
  contains "$output" "hint: "
  contains "$output" "status 125"
  matches "${lines[-1]}" '^[0-9a-f]{64}$'
}

@test "where memory cannot hold all that overlays write, the disk does, as long as the container is there" {
  [ "$WHO" = root ] || skip "newuidmap gains nothing below the filter that stands for an older kernel"
  old() { "$PYTHON" "$SUITE_LIB/deny_calls.py" EOPNOTSUPP fsetxattr "$PROGRAM" --root "$STATE" "$@" </dev/null; }
  later kill "$(old run -- sh -c 'rm -r /opt; mkdir /opt; echo x >/opt/x; exec sleep 60' >/dev/null 2>&1 3>&- 4>&- & echo $!)"
  on_disk() { [ -e "$STATE"/.containers/*/layer/upper/*/opt/x ] || [ -e "$STATE"/.containers/*/layer/upper/opt/x ]; }
  wait_for 10 on_disk
  contains "$(c diff "$(c ps -q)")" "A /opt/x"
  c kill "$(c ps -q)"
  wait_for 10 eval '[ -z "$(files)" ]'
  run -0 old run --rm -d --name "$NAME" -- sh -c 'echo x >/opt/x; exec sleep 60'
  wait_for 10 on_disk
  c rm -f "$NAME"
  same "$(files)" ""
  # One that only tells how it is isolated writes nothing.
  run -0 old run
  lacks "$output" "cannot be removed"
}
