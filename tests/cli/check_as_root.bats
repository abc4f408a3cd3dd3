#!/usr/bin/env bats
# `caisson check`: that it says what is so, also where things were really taken away, and the advice word for word. The file
# check_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people

setup() { people_setup; cp "$SUITE_LIB/deny_calls.py" "$WORK/deny_calls.py"; }
teardown() { people_teardown; }

# where SETUP COMMAND...: the command as the person of this file, in a mount namespace that SETUP was done to as root.
where() {
  local setup=$1 drop=()
  shift
  [ "$WHO" = root ] || drop=(setpriv --reuid "$CAISSON_TEST_USER" --regid "$CAISSON_TEST_USER" --init-groups)
  unshare --mount sh -c "$setup"' || exit 99; exec "$@"' sh "${drop[@]}" env -i PATH="$PATH" HOME="$HOME_OF" CAISSON_NET="${CAISSON_NET:-}" "$@" 3>&- 4>&- </dev/null
}
# filtered ERRNO CALLS COMMAND...: under a seccomp filter.
filtered() { person "$PYTHON" "$WORK/deny_calls.py" "$@" </dev/null; }

# keep COMMAND...: runs `COMMAND check --json`; JSON has the object, STATUS the exit status.
keep() { STATUS=0; JSON=$("$@" "$PROGRAM" check --json) || STATUS=$?; [ "$STATUS" -lt 4 ] || { echo "status $STATUS: $JSON"; return 1; }; }
of() { jq -r --arg name "$1" --arg key "$2" '.checks[] | select(.name == $name) | .[$key] // ""' <<<"$JSON"; }
lacking() { jq -r ".$1.lacking | join(\" \")" <<<"$JSON"; }
# What this person asks for: root rootful containers, others rootless ones.
mine() { if [ "$WHO" = root ]; then echo rootful; else echo rootless; fi; }
can() { jq -r ".$(mine).can" <<<"$JSON"; }
# agrees COMMAND...: a container runs in the same surroundings if, and only if, the check says so. A rootful one is one without a
# user namespace; with one, root needs what rootless containers need.
agrees() {
  keep "$@"
  local ran=true share=()
  [ "$WHO" = user ] || share=(--share user)
  "$@" "$PROGRAM" run "${share[@]}" -- true >"$WORK/run" 2>&1 </dev/null || ran=false
  same "$(can) $ran" "$ran $ran" || { cat "$WORK/run"; lacking "$(mine)"; return 1; }
}

@test "the exit status says which containers can run, and the object says the same" {
  keep person
  same "$STATUS" "$(jq -r .status <<<"$JSON")"
  same "$STATUS" "$(jq -r '(if .rootful.can then 0 else 2 end) + (if .rootless.can then 0 else 1 end)' <<<"$JSON")"
  [ "$WHO" = root ] || same "$(jq -r .rootful.why_not <<<"$JSON")" "only root can run them, and this is uid $(id -u "$CAISSON_TEST_USER")"
}

@test "a container runs if, and only if, the check says so" {
  agrees person
}

@test "every line of the object has a name, an area, a state and a value, and what is missing an errno or advice" {
  keep person
  same "$(jq '[.checks[] | select((.name and .area and .state and (.value != null) and .needed_for) | not)] | length' <<<"$JSON")" 0
  same "$(jq '[.checks[].name] | length - (unique | length)' <<<"$JSON")" 0
  [ "$(jq '.checks | length' <<<"$JSON")" -gt 70 ]
  same "$(jq -r '[.checks[].state] | unique - ["ok","limited","missing","not-tried"] | length' <<<"$JSON")" 0
}

@test "kernel, limits and programs are those of this machine" {
  keep person
  same "$(jq -r .kernel <<<"$JSON")" "$(uname -r)"
  matches "$(of namespaces.limit.net value)" "^$(cat /proc/sys/user/max_net_namespaces) \\([0-9]+ seen\\)$"
  same "$(of network.ip value)" "$(PATH=$PATH:/usr/sbin:/sbin command -v ip)"
  for kind in $(ns_kinds); do matches "$(of "namespaces.in-user.$kind" state)" '^(ok|missing)$'; done
}

@test "the text names the same states, --problems only what is not right, --quiet nothing" {
  run person "$PROGRAM" check
  local status_of_text=$status
  contains "$output" "rootful containers:"
  contains "$output" "in a user namespace: "
  run person "$PROGRAM" check --problems
  same "$status" "$status_of_text"
  lacks "$output" "  ok  "
  run person "$PROGRAM" check --quiet
  same "$status:$output" "$status_of_text:"
}

@test "nothing is left behind and no mount is changed" {
  remember_host
  where true bash -c 'cat /proc/self/mountinfo >"$1/before"; "$2" check >/dev/null; cat /proc/self/mountinfo >"$1/after"' sh "$HOME_OF" "$PROGRAM"
  same "$(cat "$HOME_OF/after")" "$(cat "$HOME_OF/before")"
  no_residue
  # Every descriptor is closed and every child reaped: a second look counts no namespace more.
  keep person
  same "$(person "$PROGRAM" check --json | jq '[.checks[] | select(.name | startswith("namespaces.limit.")) | .value]')" \
    "$(jq '[.checks[] | select(.name | startswith("namespaces.limit.")) | .value]' <<<"$JSON")" || skip "namespaces of others came or went"
}

@test "user.max_user_namespaces=0: what it is called and how it is turned on" {
  keep person unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh
  same "$STATUS" 3
  same "$(of namespaces.in-user.user value)" "turned off by sysctl user.max_user_namespaces=0"
  same "$(of namespaces.in-user.user turn_on)" "sysctl -w user.max_user_namespaces=15000"
  same "$(of namespaces.limit.user state)" missing
  same "$(of namespaces.in-user.net state)" not-tried
  same "$(lacking rootless)" namespaces.in-user.user
  contains "$(jq -r .rootful.why_not <<<"$JSON")" "root of a user namespace"
}

@test "another limit of namespaces: the sysctl of that kind" {
  keep person unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_time_namespaces && exec "$@"' sh
  same "$(of namespaces.time turn_on)" "sysctl -w user.max_time_namespaces=15000"
  same "$(of namespaces.in-user.time value)" "turned off by sysctl user.max_time_namespaces=0"
  same "$(of namespaces.in-user.net state)" ok
}

@test "a seccomp filter that refuses unshare" {
  keep filtered EPERM unshare
  same "$(of namespaces.in-user.user value)" "a seccomp filter forbids it: Operation not permitted (EPERM)"
  same "$(of namespaces.in-user.user turn_on)" "start it without the seccomp filter (of a systemd unit: RestrictNamespaces=no and no SystemCallFilter=)"
  contains "$(lacking rootless)" namespaces.in-user.user
  same "$(of users.seccomp state)" limited
}

@test "a seccomp filter that ends the process instead" {
  keep filtered kill unshare
  same "$(of namespaces.in-user.user value)" "a seccomp filter forbids it: ended by signal 31"
}

@test "without clone3, as under older filters of engines, the check still answers and a container does not run" {
  agrees filtered ENOSYS clone3
  same "$(of processes.clone3 value)" "a seccomp filter forbids it: Function not implemented (ENOSYS)"
  same "$(of namespaces.in-user.net state)" ok
  contains "$(lacking "$(mine)")" processes.clone3
}

@test "a seccomp filter that refuses the mount calls" {
  agrees filtered EPERM mount,fsopen
}

@test "a masked /proc: what hides it, and whether containers still run" {
  agrees where 'mount -t tmpfs none /proc/fs'
  same "$(of mounts.in-user.proc state)" missing
  same "$(of mounts.in-user.proc value)" "parts of /proc are hidden by mounts at /proc/fs"
  same "$(of mounts.in-user.proc turn_on)" "umount /proc/fs"
  same "$(lacking rootless)" mounts.in-user.proc
}

@test "a masked /sys: what hides it, and whether containers still run" {
  agrees where 'mount -t tmpfs none /sys/kernel'
  same "$(of mounts.in-user.sysfs value)" "parts of /sys are hidden by mounts at /sys/kernel"
}

@test "no cgroup file system" {
  agrees where 'umount --recursive /sys/fs/cgroup'
  same "$(of cgroups.mode state)" missing
  same "$(of cgroups.mode turn_on)" "mount -t cgroup2 cgroup2 /sys/fs/cgroup"
}

@test "no newuidmap: which package has it" {
  agrees where 'mount --bind /dev/null "$(command -v newuidmap)"'
  same "$(of users.newuidmap state)" missing
  [ "$(. /etc/os-release; echo "$ID")" != debian ] || same "$(of users.newuidmap turn_on)" "apt-get install uidmap"
  [ "$WHO" = root ] || same "$(of users.map_ranges state)" limited
}

@test "newuidmap without its setuid bit, and on a mount with nosuid" {
  agrees where "cp /usr/bin/newuidmap $WORK/plain && mount --bind $WORK/plain /usr/bin/newuidmap"
  same "$(of users.newuidmap turn_on)" "chmod u+s /usr/bin/newuidmap"
  agrees where 'mount --bind /usr /usr && mount -o remount,bind,nosuid /usr'
  same "$(of users.newuidmap turn_on)" "mount -o remount,suid /usr"
}

@test "no subordinate ids" {
  [ "$WHO" = user ] || skip "root needs none"
  # All of /etc, as no tool replaces a directory: a useradd of another test renames its new file over /etc/subuid, and the kernel
  # takes away whatever any mount namespace has mounted there (Linux 3.18, detach_mounts). For the same reason not a whole copy: the
  # lock files come and go.
  mkdir "$WORK/etc"
  cp --archive --dereference /etc/passwd /etc/group /etc/nsswitch.conf /etc/os-release "$WORK/etc"
  : >"$WORK/etc/subuid"
  agrees where "mount --bind $WORK/etc /etc"
  same "$(of users.subordinate_ids turn_on)" "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $CAISSON_TEST_USER"
}

@test "a distribution's own commands" {
  for row in 'fedora|dnf install passt' 'alpine|apk add passt' 'arch|pacman -S passt' 'ubuntu|apt-get install passt'; do
    printf 'ID=%s\nPRETTY_NAME="Made \033[31mup"\n' "${row%%|*}" >"$WORK/os-release"
    keep where "mount --bind $WORK/os-release /etc/os-release && ! command -v pasta >/dev/null || mount --bind /dev/null \$(command -v pasta)"
    same "$(of network.pasta turn_on)" "${row#*|}"
  done
  run where "mount --bind $WORK/os-release /etc/os-release" "$PROGRAM" check
  contains "$output" 'Made \x1b[31mup'
}

@test "a chroot" {
  [ "$WHO" = root ] || skip "needs root"
  keep where "mkdir $WORK/jail && mount --rbind / $WORK/jail" chroot "$WORK/jail/./"
  same "$(of users.chroot state)" missing
  same "$(of namespaces.in-user.user value)" "forbidden inside a chroot"
}

@test "a wrong option is refused with 125" {
  run -125 person "$PROGRAM" check --no-such
  run -125 person "$PROGRAM" check operand
  run -125 person "$PROGRAM" check --json --quiet
}
