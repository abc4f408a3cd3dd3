#!/usr/bin/env bats
# Flaws that container runtimes have had, as checks: the identifier of the flaw stands in the name of the test.
load ../lib/suite
load canary

setup() { suite_setup; need_root; canary_setup; }
teardown() { suite_teardown; }

no_dev_mounts() { config '.mounts |= map(select(.destination | startswith("/dev") | not))'; }

@test "2019-19921, 2023-28642: /proc as a symbolic link is refused and its target untouched" {
  rmdir rootfs/proc
  ln -s "$WORK/outside/empty" rootfs/proc
  refused run "$ID"
  canary_alive
  rm rootfs/proc; mkdir rootfs/bad-proc; ln -s /bad-proc rootfs/proc
  refused run "$ID"
  same "$(ls -A rootfs/bad-proc)" ""
}

@test "2019-19921: /sys as a symbolic link is refused and its target untouched" {
  rmdir rootfs/sys
  mkdir rootfs/bad-sys
  ln -s /bad-sys rootfs/sys
  refused run "$ID"
  same "$(ls -A rootfs/bad-sys)" ""
  canary_alive
}

@test "2026-41579, 2026-47766: /dev as a symbolic link to the outside populates nothing there" {
  unless_runc "1.1 has this flaw"
  rm -rf rootfs/dev
  for target in "$WORK/outside" "../../outside" "$WORK/outside/empty"; do
    ln -sfn "$target" rootfs/dev
    contained 'ls -la /dev/'
  done
}

@test "2026-41579: /dev as a symbolic link without a mount on /dev populates nothing there" {
  unless_runc "1.1 has this flaw"
  no_dev_mounts
  rm -rf rootfs/dev
  for target in "$WORK/outside" "../../outside" "$WORK/outside/empty" "$WORK/outside/dangling"; do
    ln -sfn "$target" rootfs/dev
    contained 'ls -la /dev/'
  done
}

@test "a /dev/ptmx, /dev/pts or /dev/shm that is a symbolic link to the outside changes nothing there" {
  unless_runc "1.1 follows some of them"
  no_dev_mounts
  for name in ptmx pts shm fd stdin core console null zero tty; do
    rm -rf rootfs/dev; mkdir rootfs/dev
    for target in "$WORK/outside/file" "$WORK/outside/empty" "$WORK/outside/dangling" "../../../outside/file"; do
      ln -sfn "$target" "rootfs/dev/$name"
      contained true
    done
  done
}

@test "2026-88264: /dev/console as a symbolic link creates and changes no file of the host" {
  config '.process.terminal = true'
  payload true
  for mounts in with without; do
    [ "$mounts" = with ] || { unless_runc "1.1 has this flaw"; no_dev_mounts; }
    for target in "$WORK/outside/dangling" "$WORK/outside/file"; do
      ln -sfn "$target" rootfs/dev/console
      timeout 30 "$SUITE_LIB/pty_session.py" -- "$RUNTIME" --root "$STATE" run "$ID" >/dev/null 2>&1 3>&- || true
      canary_alive
    done
  done
}

@test "2026-88265: a /dev/null that is a file of the host is never changed or given away" {
  no_dev_mounts
  touch rootfs/dev/null
  add_mount /dev/null bind "$WORK/outside/file" bind
  config '.process.user = {uid: 1000, gid: 1000}'
  contained true
}

@test "2025-31133: a /dev/null that is a symbolic link is never what masked paths are made of" {
  unless_runc "1.1 has this flaw"
  no_dev_mounts
  for target in /proc/sys/kernel/core_pattern /proc/self/environ "$WORK/outside/file" /etc/passwd; do
    ln -sfn "$target" rootfs/dev/null
    contained 'for p in /proc/keys /proc/timer_list; do echo x 2>/dev/null >$p; stat -L -c "%F" $p; wc -c <$p; done'
    lacks "$output" "regular file"$'\n'"[1-9]"
  done
}

@test "2025-31133: a /dev/null that is a regular file is never what masked paths are made of" {
  unless_runc "1.1 has this flaw"
  no_dev_mounts
  echo "not null" >rootfs/dev/null
  contained 'for p in /proc/keys /proc/timer_list; do cat $p; done'
  lacks "$output" "not null"
}

@test "masked files cannot be read or written" {
  config '.mounts = .mounts'
  run -0 in_box 'for p in /proc/keys /proc/timer_list /proc/kcore; do [ -e $p ] || continue; cat $p | wc -c; done; ls -A /proc/acpi /sys/firmware 2>/dev/null'
  same "$(tr -d ' 0\n' <<<"${output//\/proc\/acpi:/}" | sed 's,/sys/firmware:,,')" ""
}

@test "2019-16884: a mount on /proc or below /proc/self is refused" {
  unless_runc "1.1 accepts the second"
  for where in /proc/self/attr /proc/self /proc/sys /proc/1; do
    cp "$SUITE_LIB/base_config.json" config.json
    mkdir -p "$WORK/volume"
    add_mount "$where" bind "$WORK/volume" bind
    refused run "$ID"
  done
  cp "$SUITE_LIB/base_config.json" config.json
  config '(.mounts[] | select(.destination == "/proc")) |= {destination: "/proc", type: "bind", source: "/tmp", options: ["bind"]}'
  refused run "$ID"
  canary_alive
}

@test "2021-30465: a mount target that is a symbolic link never leads out of the root" {
  mkdir "$WORK/volume"; touch "$WORK/volume/mine"
  for target in "$WORK/outside" "$WORK/outside/dir" ../../../../../../../../../../"$WORK/outside" /; do
    ln -sfn "$target" rootfs/target
    cp "$SUITE_LIB/base_config.json" config.json
    add_mount /target/below bind "$WORK/volume" bind
    contained 'ls /target/below'
  done
}

@test "2021-30465: while a volume's directory is swapped for a link, no mount lands outside" {
  mkdir -p "$WORK/volume/dir"
  ln -s "$WORK/outside" "$WORK/volume/link"
  add_mount /volume bind "$WORK/volume" rbind
  add_mount /volume/dir/target tmpfs tmpfs
  "$PYTHON" - "$WORK/volume" 3>&- <<'P' & swapper=$!
import ctypes, sys, time
libc, top, end = ctypes.CDLL(None), sys.argv[1].encode(), time.monotonic() + 25
while time.monotonic() < end:
    libc.renameat2(-100, top + b"/dir", -100, top + b"/link", 2)
P
  later kill -KILL "$swapper"
  payload 'true'
  for n in $(seq 60); do
    timeout 20 "$RUNTIME" --root "$STATE" run "$ID" </dev/null >/dev/null 2>&1 3>&- || true
  done
  kill -KILL "$swapper"; wait "$swapper" 2>/dev/null || true
  [ ! -e "$WORK/outside/target" ]
  run ! grep -F "$WORK/outside" /proc/self/mountinfo "/proc/$CANARY/mountinfo"
}

@test "2024-45310: mount points are made inside the root only, also through links" {
  for target in "$WORK/outside/new" ../../outside/new "$WORK/outside/dangling/deep"; do
    ln -sfn "$target" rootfs/link
    cp "$SUITE_LIB/base_config.json" config.json
    add_mount /link/a/b/c tmpfs tmpfs
    contained true
  done
}

@test "a root that is a symbolic link or climbs out of the bundle does no harm" {
  mv rootfs real
  ln -s real rootfs
  payload true
  runtime run "$ID" </dev/null >/dev/null 2>&1 || true
  canary_alive
}

@test "2023-25809: in a user namespace /sys/fs/cgroup cannot be written without a cgroup namespace" {
  user_namespace
  without_namespace cgroup
  run -0 in_box 'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir $d/made 2>/dev/null && echo "made $d"; done; true'
  lacks "$output" made
}

@test "read-only mounts are read-only when the payload starts, and the root too" {
  mkdir "$WORK/volume"
  config '.root.readonly = true'
  add_mount /volume bind "$WORK/volume" bind ro
  mkdir rootfs/volume
  run -1 in_box 'touch /x /volume/x /etc/x 2>/dev/null; mount | grep -c " / .*rw,"'
  same "$output" 0
  [ ! -e rootfs/x ]; [ ! -e "$WORK/volume/x" ]; [ ! -e rootfs/etc/x ]
}
