#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

@test "/dev has the usual nodes with their numbers and modes" {
  run -0 in_box 'for d in null zero full random urandom tty; do stat -c "%n %t:%T %a %F" /dev/$d; done'
  for line in "null 1:3" "zero 1:5" "full 1:7" "random 1:8" "urandom 1:9" "tty 5:0"; do contains "$output" "/dev/$line 666 character special file"; done
}

@test "/dev has the usual links" {
  run -0 in_box 'for l in fd stdin stdout stderr ptmx; do readlink /dev/$l; done'
  same "$output" $'/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\npts/ptmx'
}

@test "/dev/core is a link to kcore where the kernel has it" {
  need_file /proc/kcore
  run -0 in_box 'readlink /dev/core'
  same "$output" /proc/kcore
}

@test "a device of the configuration is made with type, numbers, mode and owner" {
  config '.linux.devices = [{type: "c", path: "/dev/mine", major: 1, minor: 3, fileMode: 384, uid: 7, gid: 8},
    {type: "p", path: "/dev/a-fifo", fileMode: 438}]'
  run -0 in_box 'stat -c "%t:%T %a %u:%g" /dev/mine; test -p /dev/a-fifo && echo fifo'
  same "$output" $'1:3 600 7:8\nfifo'
}

@test "a device with the path of a default node replaces it" {
  config '.linux.devices = [{type: "c", path: "/dev/zero", major: 1, minor: 5, fileMode: 256, uid: 3, gid: 3}]'
  run -0 in_box 'stat -c "%a %u" /dev/zero'
  same "$output" "400 3"
}

@test "a /dev that is bound from the host is left alone" {
  mkdir "$WORK/dev"; mknod "$WORK/dev/null" c 1 3
  config '.mounts |= map(select(.destination | startswith("/dev") | not))'
  add_mount /dev bind "$WORK/dev" bind
  run -0 in_box 'ls /dev'
  same "$output" null
  same "$(ls "$WORK/dev")" null
}

@test "masked files are empty and masked directories too" {
  run -0 in_box 'wc -c </proc/keys; wc -c </proc/timer_list; ls -A /sys/firmware | wc -l'
  for line in "${lines[@]}"; do same "$line" 0; done
}

@test "masked paths cannot be written, also where the image has a file or a directory" {
  mkdir rootfs/secret-dir; echo secret >rootfs/secret-dir/file; echo secret >rootfs/secret
  config '.linux.maskedPaths += ["/secret", "/secret-dir", "/not/there"]'
  run -0 in_box 'cat /secret; ls -A /secret-dir; touch /secret-dir/x 2>/dev/null || echo refused'
  same "$output" refused
  same "$(cat rootfs/secret)" secret
}

@test "read-only paths cannot be written and keep their content" {
  mkdir rootfs/keep; echo text >rootfs/keep/file
  config '.linux.readonlyPaths += ["/keep", "/not/there"]'
  run -0 in_box 'cat /keep/file; echo x >/keep/file || echo refused; echo 1 >/proc/sys/vm/swappiness || echo refused'
  contains "$output" text
  same "$(grep -c '^refused$' <<<"$output")" 2
}

@test "a read-only path keeps nosuid, nodev and noexec of what it covers" {
  add_mount /mnt tmpfs tmpfs nosuid nodev noexec
  config '.linux.readonlyPaths = ["/mnt"]'
  run -0 in_box "awk '\$5 == \"/mnt\" {print \$6}' /proc/self/mountinfo | tail -n 1"
  for flag in ro nosuid nodev noexec; do contains "$output" "$flag"; done
}

@test "root.readonly makes the root read-only and mounts stay writable" {
  config '.root.readonly = true'
  add_mount /mnt tmpfs tmpfs
  run -0 in_box 'touch /x 2>/dev/null || echo refused; touch /mnt/x && echo writable'
  same "$output" $'refused\nwritable'
}

@test "the root of the container is its bundle's and nothing of the host is above it" {
  run -0 in_box 'ls /..; ls -d /proc/1/root/..'
  contains "$output" bin
  lacks "$output" lost+found
  lacks "$output" boot
}

@test "the old root is gone from the mounts of the container" {
  run -0 in_box 'awk "{print \$5}" /proc/self/mountinfo'
  lacks "$output" "$WORK"
  same "$(grep -cx / <<<"$output")" 1
}

@test "--no-pivot changes the root in the old way" {
  payload 'ls / | head -n 1; cat /proc/1/comm'
  run -0 runtime run --no-pivot "$ID" </dev/null
  same "${lines[0]}" bin
}

@test "rootfsPropagation shared and slave are what the container sees" {
  unless_runc "1.1 makes no peer group where the root of the host has none"
  for mode in shared slave; do
    config --arg m "$mode" '.linux.rootfsPropagation = $m'
    run -0 in_box "awk '\$5 == \"/\"' /proc/self/mountinfo | tail -n 1"
    case $mode in shared) contains "$output" shared: ;; slave) ! grep -q shared: <<<"$output" ;; esac
  done
}

@test "rootfsPropagation private gives the root no peers" {
  config '.linux.rootfsPropagation = "private"'
  run -0 in_box "awk '\$5 == \"/\"' /proc/self/mountinfo"
  lacks "$output" shared:
  lacks "$output" master:
}

@test "a container runs where all mounts of the host are shared, and its mounts do not spread there" {
  payload 'mount | wc -l >/dev/null; echo fine'
  run -0 "$SUITE_LIB/own_mounts" "$WORK" sh -c 'before=$(wc -l </proc/self/mountinfo); "$@"; [ "$before" = "$(wc -l </proc/self/mountinfo)" ]' - \
    "$RUNTIME" --root "$STATE" run "$ID" 3>&- </dev/null
  same "$output" fine
}

@test "an unknown rootfsPropagation is refused" {
  config '.linux.rootfsPropagation = "sideways"'
  refused create "$ID"
  contains "$output" sideways
}

@test "the propagation of the host's mounts is untouched" {
  payload true
  config '.linux.rootfsPropagation = "rprivate"'
  "$SUITE_LIB/own_mounts" "$WORK" sh -c 'cat /proc/self/mountinfo >"$1"; shift; "$@"; cat /proc/self/mountinfo' - "$WORK/before" \
    "$RUNTIME" --root "$STATE" run "$ID" >"$WORK/after" 3>&- </dev/null
  same "$(cat "$WORK/after")" "$(cat "$WORK/before")"
}

@test "a missing root is refused and named" {
  rm -rf rootfs
  refused create "$ID"
  contains "$output" rootfs
}

@test "a root that is a file is refused" {
  rm -rf rootfs; touch rootfs
  refused create "$ID"
}

@test "the root is not busy when run returns" {
  mkdir "$WORK/tree"
  mount -t tmpfs tmpfs "$WORK/tree"
  cp -a rootfs/. "$WORK/tree"
  config --arg p "$WORK/tree" '.root.path = $p'
  in_box 'true'
  umount "$WORK/tree"
}
