#!/usr/bin/env bats
# `caisson run`: the throw-away root, exit statuses, streams, volumes. The file isolation_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { people_teardown; }

@test "run gives a program new namespaces of all eight kinds" {
  run -0 box -- readlink /proc/self/ns/user /proc/self/ns/pid /proc/self/ns/net /proc/self/ns/ipc /proc/self/ns/uts /proc/self/ns/mnt \
    /proc/self/ns/cgroup /proc/self/ns/time
  for kind in $(ns_kinds); do
    matches "$output" "$kind:\\[[0-9]+\\]"
    lacks "$output" "$(ns_of "$kind")"
  done
}

@test "run works in a throw-away view of the machine's own root" {
  run -0 box -- sh -c '. /etc/os-release; echo $ID; ls /usr/bin/env'
  same "${lines[0]}" "$(. /etc/os-release; echo "$ID")"
  same "${lines[1]}" /usr/bin/env
}

@test "what is written in the throw-away root never reaches the host" {
  run -0 box -- sh -c "echo changed >/etc/$ID.made && echo changed >/$ID.made && mkdir -p /opt/$ID && cat /etc/$ID.made"
  same "$output" changed
  [ ! -e "/etc/$ID.made" ] && [ ! -e "/$ID.made" ] && [ ! -e "/opt/$ID" ]
}

@test "what is deleted or changed in the throw-away root stays on the host" {
  # A file that the person may change; /tmp is empty inside.
  if [ "$WHO" = root ]; then home=/etc; else home=/home/$CAISSON_TEST_USER; fi
  echo original >"$home/$ID.file"; echo original >"$home/$ID.other"
  later rm -f "$home/$ID.file" "$home/$ID.other"
  chown --reference="$HOME_OF" "$home/$ID.file" "$home/$ID.other"
  run -0 box -- sh -c "rm $home/$ID.other; echo changed >>$home/$ID.file; cat $home/$ID.file; ls $home/$ID.other 2>/dev/null || echo gone"
  same "$output" $'original\nchanged\ngone'
  same "$(cat "$home/$ID.file" "$home/$ID.other")" $'original\noriginal'
}

@test "two runs do not see each other's changes" {
  box -- sh -c "echo one >/etc/$ID.made"
  run -0 box -- sh -c "ls /etc/$ID.made 2>/dev/null; true"
  same "$output" ""
}

@test "run leaves no process, mount, cgroup or temporary file behind" {
  remember_host
  box -- true
  no_residue
  run -3 box -- sh -c 'exit 3'
  no_residue
}

@test "run exits with the status of the program" {
  box -- true
  run -1 box -- false
  run -42 box -- sh -c 'exit 42'
}

@test "run exits 127 when there is no such program and 126 when it cannot be executed" {
  run -127 box -- no-such-program
  contains "$output" no-such-program
  run -127 box -- /no/such/program
  run -126 box -- /etc/passwd
  contains "${output,,}" "permission denied"
}

@test "run exits 125 when caisson itself fails" {
  run -125 box --no-such-option -- true
  contains "$output" no-such-option
  run -125 box --rootfs /no/such/root -- true
  contains "$output" /no/such/root
  run -125 box --volume /no/such/source:/mnt -- true
  contains "$output" /no/such/source
}

@test "run exits with 128 and the signal that ended the program" {
  run -137 box -- sh -c 'kill -KILL $$; sleep 5' || run -137 box --init -- sh -c 'kill -KILL $$'
  run -143 box --init -- sh -c 'kill -TERM $$; sleep 5'
}

@test "standard input, output and error are the caller's" {
  person "$PROGRAM" run -i -- sh -c 'read line; echo "out $line"; echo err >&2' <<<hello >"$WORK/o" 2>"$WORK/e"
  same "$(cat "$WORK/o")" "out hello"
  same "$(cat "$WORK/e")" err
}

@test "without a command and without a terminal run prints a report of the isolation" {
  run -0 box
  for kind in $(ns_kinds); do contains "$output" "$kind"; done
  contains "$output" "$(ns_of net | tr -dc 0-9)"
  matches "${output,,}" 'host ?name'
  matches "${output,,}" 'capabilit'
}

@test "--rootfs runs in another root" {
  small_root "$WORK/root"
  run -0 box --rootfs "$WORK/root" -- /bin/sh -c 'ls /bin/busybox; echo x >/made; cat /made'
  same "$output" $'/bin/busybox\nx'
}

@test "--rootfs with a Debian root made by mmdebstrap" {
  debian_root "$WORK/debian"
  run -0 box --rootfs "$WORK/debian" -- /bin/bash -c '. /etc/os-release; echo $ID; ls /proc/1/ns | wc -l'
  same "${lines[0]}" debian
}

@test "--read-only makes the root read-only" {
  run -0 box --read-only -- sh -c 'touch /etc/x /x 2>/dev/null || echo refused; touch /tmp/x 2>/dev/null; true'
  contains "$output" refused
}

@test "--volume shows a directory of the host, writable, and :ro protects it" {
  mkdir "$WORK/home/data"; echo content >"$WORK/home/data/file"
  chown --reference="$HOME_OF" "$WORK/home/data" "$WORK/home/data/file"
  box --volume "$HOME_OF/data:/mnt" -- sh -c 'echo written >/mnt/new'
  same "$(cat "$HOME_OF/data/new")" written
  run -0 box --volume "$HOME_OF/data:/mnt:ro" -- sh -c 'cat /mnt/file; touch /mnt/x 2>/dev/null || echo refused'
  same "$output" $'content\nrefused'
}

@test "--volume makes its mount point in the throw-away root only" {
  mkdir "$HOME_OF/data"; chown --reference="$HOME_OF" "$HOME_OF/data"
  box --volume "$HOME_OF/data:/$ID-point/inner" -- test -d "/$ID-point/inner"
  [ ! -e "/$ID-point" ]
}

@test "--tmpfs mounts an empty directory" {
  run -0 box --tmpfs /srv -- sh -c 'ls -A /srv; touch /srv/x; stat -f -c %T /srv'
  same "$output" tmpfs
}

@test "by default the program is root inside" {
  run -0 box -- id -u
  same "$output" 0
}
