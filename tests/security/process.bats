#!/usr/bin/env bats
# Flaws that container runtimes have had, as checks: the identifier of the flaw stands in the name of the test.
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

caps_of() { grep -E '^Cap(Inh|Amb)' <<<"$1"; }
zero=$'CapInh:\t0000000000000000\nCapAmb:\t0000000000000000'

@test "2022-29162: run gives no inheritable and no ambient capabilities" {
  payload 'cat /proc/self/status'
  run -0 runtime run "$ID" </dev/null
  same "$(caps_of "$output")" "$zero"
}

@test "2022-29162: exec gives no inheritable and no ambient capabilities, also with --cap" {
  start_sleeper
  run -0 in_sleeper cat /proc/self/status
  same "$(caps_of "$output")" "$zero"
  run -0 runtime exec --cap CAP_NET_RAW --cap CAP_SYS_ADMIN "$ID" cat /proc/self/status </dev/null
  same "$(caps_of "$output")" "$zero"
}

@test "the caller's inheritable and ambient capabilities do not reach the container" {
  payload 'cat /proc/self/status'
  run -0 capsh --iab='^cap_net_raw,^cap_chown' -- -c "exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "$(caps_of "$output")" "$zero"
}

@test "2019-5736: an entry point of /proc/self/exe never gets at the runtime's own file" {
  before=$(sha256sum "$RUNTIME"; stat -c '%i %Y %Z %s %a %u' "$RUNTIME")
  config '.process.args = ["/proc/self/exe", "--version"] | .process.noNewPrivileges = false'
  timeout 20 "$RUNTIME" --root "$STATE" run "$ID" </dev/null >"$WORK/said" 2>&1 3>&- || true
  printf '#!/proc/self/exe\n' >rootfs/bin/entry; chmod 0755 rootfs/bin/entry
  config '.process.args = ["/bin/entry"]'
  timeout 20 "$RUNTIME" --root "$STATE" run "$ID" </dev/null >>"$WORK/said" 2>&1 3>&- || true
  same "$(sha256sum "$RUNTIME"; stat -c '%i %Y %Z %s %a %u' "$RUNTIME")" "$before"
}

@test "2019-5736: while containers are entered nobody inside can open a runtime's file for writing" {
  all_capabilities
  payload 'touch /up
    while :; do for p in /proc/[0-9]*; do [ "$p" = /proc/1 ] || { : >>$p/exe && echo "opened $p: $(readlink $p/exe)" >>/opened; } 2>/dev/null; done; done'
  before=$(sha256sum "$RUNTIME")
  detached run -d "$ID"
  wait_for 5 test -e rootfs/up
  for n in $(seq 20); do runtime exec "$ID" true </dev/null || true; done
  # The payload's own busybox may be written by root inside; anything else may not.
  [ ! -e rootfs/opened ] || run ! grep -v busybox rootfs/opened
  same "$(sha256sum "$RUNTIME")" "$before"
}

@test "2016-9962: a process that is entering the container cannot be traced or looked into by one inside" {
  all_capabilities
  payload 'touch /up
    while :; do for p in /proc/[0-9]*; do case $p in /proc/1|/proc/self) continue;; esac
      c=$(tr "\0" " " <$p/cmdline 2>/dev/null); case $c in *"sleep 9"*|"") ;; *) continue;; esac
      for f in $p/fd/*; do l=$(readlink $f 2>/dev/null) && case $l in /dev/null|pipe:*|/dev/pts/*|socket:*) ;; *) echo "$c $f $l" >>/seen;; esac; done; done; done'
  detached run -d "$ID"
  wait_for 5 test -e rootfs/up
  for n in $(seq 15); do runtime exec "$ID" true </dev/null >/dev/null 2>&1 || true; done
  if [ -e rootfs/seen ]; then cat rootfs/seen; run ! grep -vE 'anon_inode|memfd|/seen|/proc' rootfs/seen; fi
}

@test "2024-21626: a cwd of /proc/self/fd/N never leads out of the root" {
  for number in 3 4 5 6 7 8 9 10 11 12 16 20 32; do
    config --arg d "/proc/self/fd/$number" '.process.cwd = $d'
    payload 'pwd; cat ../../../../../../../../../../etc/shadow 2>/dev/null; ls -d ../../../../../../../../../boot 2>/dev/null'
    run runtime run "$ID" </dev/null
    lacks "$output" daemon:
    lacks "$output" boot
  done
}

@test "2024-21626: the same through a symbolic link, and for exec --cwd" {
  ln -s /proc/self/fd/8 rootfs/way-out
  config '.process.cwd = "/way-out"'
  payload 'ls -d ../../../../../../../../../boot 2>/dev/null'
  run runtime run "$ID" </dev/null
  lacks "$output" boot
  config '.process.cwd = "/"'
  start_sleeper
  for number in 3 4 5 6 7 8 9 10 11 12; do
    run runtime exec --cwd "/proc/self/fd/$number" "$ID" ls -d ../../../../../../../../../boot </dev/null
    lacks "$output" $'boot\n'
    [ "$status" -ne 0 ]
  done
}

@test "2024-21626: forty descriptors of the caller are not inside" {
  payload 'ls /proc/self/fd'
  run -0 bash -c "for n in \$(seq 10 50); do eval \"exec \$n</\"; done; exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "$output" $'0\n1\n2\n3'
  start_sleeper
  run -0 bash -c "for n in \$(seq 10 50); do eval \"exec \$n</\"; done; exec '$RUNTIME' --root '$STATE' exec '$ID' ls /proc/self/fd </dev/null"
  same "$output" $'0\n1\n2\n3'
}

@test "2016-3697: a numeric user is never looked up as a name of the image" {
  printf 'root:x:0:0::/:/bin/sh\n1000:x:0:0::/:/bin/sh\n' >rootfs/etc/passwd
  start_sleeper
  run -0 runtime exec -u 1000 "$ID" id -u </dev/null
  same "$output" 1000
}

@test "2026-30892: every form of a user is its number or an error, never a silent root" {
  unless_runc "1.1 wraps large numbers around"
  start_sleeper
  for row in "1=1" "1:2=1" "0=0" "4294967294=4294967294"; do
    run -0 runtime exec -u "${row%=*}" "$ID" id -u </dev/null
    same "$output" "${row#*=}"
  done
  for bad in ":2" "1:" "-1" "0x1" " 1" "1a" "4294967295" "4294967296" "18446744073709551616" root root:root ""; do
    run runtime exec --user="$bad" "$ID" id -u </dev/null
    [ "$status" -ne 0 ] || { echo "accepted as a user: <$bad>, was $output"; return 1; }
  done
}

@test "2020-15257: with the host's network no abstract socket of the runtime can be reached" {
  without_namespace network
  before=$(grep -o '@.*' /proc/net/unix | sort)
  payload 'cat /proc/net/unix >/sockets; sleep 0.2'
  in_box 'cat /proc/net/unix >/sockets'
  lacks "$(grep -o '@.*' rootfs/sockets)" caisson
}

@test "2019-14271, D10: no library of the image is loaded by the runtime" {
  mkdir -p rootfs/lib/x86_64-linux-gnu rootfs/lib64 rootfs/usr/lib
  for library in libnss_files.so.2 libnss_dns.so.2 libc.so.6; do echo "not a library" >"rootfs/lib/x86_64-linux-gnu/$library"; done
  start_sleeper
  run -0 runtime exec -u 1000 "$ID" id -u </dev/null
  same "$output" 1000
}

@test "helpers of the runtime are not looked up in the container's PATH" {
  for helper in newuidmap newgidmap criu ip nft systemctl; do
    rm -f "rootfs/bin/$helper"
    printf '#!/bin/sh\ntouch /helper-ran\n' >"rootfs/bin/$helper"; chmod 0755 "rootfs/bin/$helper"
  done
  user_namespace
  in_box true
  [ ! -e rootfs/helper-ran ]
}

@test "2015-1331: a state directory that is a link to somewhere else of another owner is refused" {
  only_caisson "runc follows it"
  mkdir "$WORK/foreign"; chown 4242 "$WORK/foreign"
  ln -s "$WORK/foreign" "$STATE"
  refused create "$ID"
  same "$(ls -A "$WORK/foreign")" ""
}

@test "the runtime is neither set-user-ID nor has it file capabilities" {
  [ ! -u "$RUNTIME" ] && [ ! -g "$RUNTIME" ]
  same "$(getcap "$RUNTIME" 2>/dev/null)" ""
}

@test "bwrap 2017-5226: the payload cannot type into the caller's terminal" {
  cc -static -O1 -o rootfs/bin/pusher -x c - <<'C' 2>/dev/null || skip "no static C compiler"
#include <sys/ioctl.h>
#include <stdio.h>
int main(void) { for (int fd = 0; fd < 3; ++fd) if (ioctl(fd, TIOCSTI, "X") == 0) puts("pushed"); return 0; }
C
  config '.process.args = ["/bin/pusher"]'
  for terminal in true false; do
    config --argjson t "$terminal" '.process.terminal = $t'
    run -0 "$SUITE_LIB/pty_session.py" -- bash -c '"$@" || exit; stty -icanon; read -r -t 0.5 -n 1 typed; echo "typed: <$typed>"' - \
      "$RUNTIME" --root "$STATE" run "$ID" 3>&-
    contains "$output" "typed: <>"
  done
  lacks "$output" pushed # it has the caller's terminal here
}

@test "a created container and its program are not dumpable by a stranger before they start" {
  detached create "$ID"
  pid=$(pid_of)
  # A process that is not dumpable has root's files in /proc even if it runs as another user.
  same "$(stat -c %u "/proc/$pid/environ")" 0
}

@test "the environment of the caller is not in the memory of the program" {
  only_caisson "runc's init shows some of its own variables"
  export SECRET_OF_THE_CALLER=1234
  payload 'cat /proc/1/environ | tr "\0" "\n"; cat /proc/1/cmdline | tr "\0" " "'
  run -0 runtime run "$ID" </dev/null
  lacks "$output" SECRET_OF_THE_CALLER
}
