#!/usr/bin/env bats
# Debian 12's own kernel (Linux 6.1), in a virtual machine: cgroup v2 with all controllers, every capability, and what later kernels
# added is missing. The tests are functions of debian_kernel_inside.sh, which all run in one start of the machine.
load ../lib/suite

setup_file() {
  local here kernel
  here=$BATS_TEST_DIRNAME
  kernel=$(image_cache)/kernel-$(uname -m)
  export CONSOLE=$BATS_FILE_TMPDIR/console
  command -v qemu-system-x86_64 >/dev/null && [ "$(uname -m)" = x86_64 ] || { echo "no qemu for this machine" >"$CONSOLE.why"; return 0; }
  "$here/debian_kernel.sh" "$kernel" >"$CONSOLE.why" 2>&1 || return 0
  /usr/bin/python3 -B "$here/machine.py" "$kernel" "$here/debian_kernel_inside.sh" "$CAISSON" "$RUNTIME" >"$CONSOLE" 2>&1 || true
}

# told NAME: the test passed inside.
told() {
  [ -e "$CONSOLE" ] || skip "no kernel could be had: $(tail -n 1 "$CONSOLE.why")"
  grep -qx "ok $1" "$CONSOLE" || { sed -n "/ok $1\$/,/^[no]/p" "$CONSOLE"; tail -n 40 "$CONSOLE"; return 1; }
}

@test "caisson-oci run with the usual configuration" { told oci; }
@test "create, start, exec, ps, kill --all and delete" { told life; }
@test "hard limits are raised where CAP_SYS_RESOURCE is held" { told limits_raised; }
@test "every capability can be granted" { told every_capability; }
@test "the device program keeps nodes of the root closed" { told devices; }
@test "directories of an image can be removed and made again, whether anything is kept or not" { told image_in_memory_and_on_disk; }
@test "so can those of the machine's own root, by root" { told view; }
@test "and by an ordinary user, of whom nothing is left on the disk" { told user; }
@test "the default network, names and published ports" { told network; }
@test "pause freezes the cgroup" { told frozen; }
@test "without overlayfs images say what to load, and the machine's own root is read-only" { told without_overlay; }
@test "without nf_tables the default network says what to load" { told without_filter; }
@test "on the initramfs itself the error says how to leave it" { told initramfs; }
@test "nothing is left of all of them" { told nothing_left; }
