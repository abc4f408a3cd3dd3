#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

@test "a container sees only its three standard descriptors" {
  payload 'ls /proc/self/fd'
  run -0 bash -c "exec 5</etc/passwd 6</ 17</dev/null; exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "$output" $'0\n1\n2\n3'
}

@test "--preserve-fds passes exactly that many descriptors" {
  payload 'cat <&3; cat <&4; ls /proc/self/fd | tr "\n" " "'
  echo three >"$WORK/three"; echo four >"$WORK/four"
  run -0 bash -c "exec 3<$WORK/three 4<$WORK/four 5</etc/passwd; exec '$RUNTIME' --root '$STATE' run --preserve-fds 2 '$ID' </dev/null"
  same "${lines[0]}" three
  same "${lines[1]}" four
  lacks "${lines[2]}" 6
}

@test "--preserve-fds with a descriptor that is not open fails" {
  unless_runc "1.1 takes descriptors of its own for the caller's"
  payload 'true'
  run ! bash -c "exec 3>&- 4>&- 5>&-; exec '$RUNTIME' --root '$STATE' run --preserve-fds 2 '$ID' </dev/null"
  contains "$output" preserve-fds
}

@test "LISTEN_FDS passes the sockets of systemd activation on, counted from the program" {
  payload 'echo "$LISTEN_FDS $LISTEN_PID"; cat <&3'
  echo activated >"$WORK/three"
  run -0 bash -c "exec 3<$WORK/three; LISTEN_FDS=1 LISTEN_PID=\$BASHPID exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "$output" $'1 1\nactivated'
}

@test "LISTEN_FDS meant for another process is not passed on" {
  payload 'echo "<$LISTEN_FDS>"; ls /proc/self/fd | tr "\n" " "'
  run -0 bash -c "exec 3</etc/passwd; LISTEN_FDS=1 LISTEN_PID=1 exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "${lines[0]}" "<>"
  lacks "${lines[1]}" 4
}

@test "create keeps descriptors that are to be preserved until start" {
  payload 'cat <&3 >/got'
  echo kept >"$WORK/three"
  bash -c "exec 3<$WORK/three; exec '$RUNTIME' --root '$STATE' create --preserve-fds 1 '$ID' </dev/null >/dev/null 2>&1"
  runtime start "$ID"
  wait_for 5 test -s rootfs/got
  same "$(cat rootfs/got)" kept
}

@test "the standard streams of a detached container are the caller's, and no other process holds them" {
  mkfifo "$WORK/pipe"
  payload 'echo printed; exit 0'
  cat "$WORK/pipe" >"$WORK/read" & reader=$!
  runtime create "$ID" </dev/null >"$WORK/pipe" 2>/dev/null
  runtime start "$ID"
  wait_for 5 sh -c "! kill -0 $reader 2>/dev/null"
  same "$(cat "$WORK/read")" printed
}

@test "a created container holds no descriptor of the host but its streams" {
  detached create "$ID"
  for link in /proc/$(pid_of)/fd/*; do
    target=$(readlink "$link")
    case $target in
      /dev/null | pipe:* | socket:* | anon_inode:* | "/memfd:"* | */exec.fifo | /proc/*/exec.fifo | "$WORK/out" | "$WORK/err") ;;
      *) echo "unexpected descriptor: $link -> $target"; return 1 ;;
    esac
  done
}

@test "LISTEN_FDNAMES is passed on with LISTEN_FDS" {
  only_caisson "peers drop the names"
  payload 'echo "$LISTEN_FDNAMES"'
  run -0 bash -c "exec 3</etc/passwd; LISTEN_FDS=1 LISTEN_FDNAMES=web LISTEN_PID=\$BASHPID exec '$RUNTIME' --root '$STATE' run '$ID' </dev/null"
  same "$output" web
}
