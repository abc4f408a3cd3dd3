#!/usr/bin/env bats
# `caisson explain`: the page, and that its commands build what it speaks of. explain_as_user.bats is a link to this file: the same tests as an ordinary user.
load ../lib/suite
load people
load made

setup() { people_setup; mounts_of_its_own; }
teardown() { people_teardown; }

explain() { person "$PROGRAM" explain "$@"; }

# mounts_in FILE: point, options and type of each mount of a mountinfo.
mounts_in() { sed -E 's/^[0-9]+ [0-9]+ [0-9:]+ [^ ]+ ([^ ]+) ([^ ]+) .*- ([^ ]+) .*/\1 \2 \3/' "$1" | LC_ALL=C sort; }

# by_hand PID SCRIPT [TMPDIR]: SCRIPT runs in what the commands for PID build; its output is in $output.
by_hand() {
  explain --commands "$1" >"$WORK/commands"
  chmod 0644 "$WORK/commands"
  run person env ${3:+TMPDIR="$3"} bash "$WORK/commands" sh -c "$2" </dev/null
  [ "$status" = 0 ] || { cat "$WORK/commands"; echo "$output"; return 1; }
}

# own_kinds PID: the kinds of which it has not the caller's.
own_kinds() { local kind; for kind in $(ns_kinds); do [ "$(ns_of "$kind" "$1")" = "$(ns_of "$kind")" ] || echo "$kind"; done; }

# like PID: what stands inside by the commands for PID has the same kinds of its own, maps, names and mounts.
like() {
  by_hand "$1" 'cat /proc/self/uid_map; hostname; for kind in '"$(own_kinds "$1" | xargs)"'; do readlink /proc/self/ns/$kind; done; cat /proc/self/mountinfo'
  sed -n '/^[0-9]* [0-9]* [0-9]*:/p' <<<"$output" >"$WORK/mountinfo"
  mounts_in "$WORK/mountinfo" >"$WORK/built"
  mounts_in "/proc/$1/mountinfo" >"$WORK/wanted"
  diff "$WORK/wanted" "$WORK/built"
  contains "$output" "$(cat "/proc/$1/uid_map")"
  local kind
  for kind in $(own_kinds "$1"); do
    lacks "$output" "$(ns_of "$kind")"
    matches "$output" "$kind:\\[[0-9]+\\]"
  done
}

@test "the page teaches each kind that is the process's own, and how to enter it" {
  made unshare "${NEW[@]}" --net --uts --time --fork --boottime 3600 sh -c 'hostname taught; exec sleep 60'
  run -0 explain "$MADE"
  contains "$output" "network namespace net:[$(ns_of net "$MADE" | tr -dc 0-9)]   CLONE_NEWNET"
  contains "$output" CLONE_NEWUTS
  lacks "$output" CLONE_NEWIPC
  matches "$output" 'host name +taught'
  matches "$output" 'boottime +\+3600 s'
  matches "$output" 'Shared with you: .*ipc'
  contains "$output" "nsenter --target $MADE "
  contains "$output" "--boottime=3600"
}

@test "a process that shares everything has nothing to build" {
  made sleep 60
  run -0 explain "$MADE"
  contains "$output" "no namespace of its own"
  lacks "$output" unshare
  by_hand "$MADE" 'echo ran'
  same "$output" ran
}

@test "the commands build the namespaces, maps, name and mounts of a process of unshare" {
  made unshare "${NEW[@]}" --mount --uts --ipc --net --pid --fork --mount-proc --time --boottime 1000 sh -c "hostname rebuilt
    mkdir $HOME_OF/a $HOME_OF/b; mount -t tmpfs -o size=1m,noexec one $HOME_OF/a; mkdir $HOME_OF/a/sub; mount --bind $HOME_OF/a/sub $HOME_OF/b
    mount -o remount,bind,ro,noexec $HOME_OF/b; mount --make-shared $HOME_OF/a; ip link set lo up; ip link add name left type veth peer name right
    ip address add 10.9.9.1/24 dev left; ip link set left up; exec sleep 60"
  like "$MADE"
  contains "$output" rebuilt
  by_hand "$MADE" 'ip -o address show; cat /proc/self/timens_offsets; grep tmpfs /proc/self/mountinfo'
  contains "$output" 'left    inet 10.9.9.1/24'
  matches "$output" 'boottime +1000 '
  matches "$output" "$HOME_OF/a rw,noexec,relatime shared:"
}

@test "the commands build the namespaces, maps, name and mounts of a container of caisson run" {
  made_container sleep 60
  box=$MADE
  like "$box"
  contains "$output" caisson
  by_hand "$box" 'grep -E "CapBnd|NoNewPrivs" /proc/self/status; echo made >/etc/made-by-hand; ls /'
  contains "$output" "$(grep CapBnd "/proc/$box/status")"
  contains "$output" "$(grep NoNewPrivs "/proc/$box/status")"
  [ ! -e /etc/made-by-hand ]
}

@test "a copy-on-write file system of a process gets an upper directory of its own" {
  made unshare "${NEW[@]}" --mount bash -c "cd $HOME_OF; mkdir low layers view; echo low >low/file; mount -t tmpfs one layers
    mkdir layers/up layers/work; mount -t overlay -o lowerdir=$HOME_OF/low,upperdir=layers/up,workdir=layers/work,userxattr over view; exec sleep 60"
  mkdir "$WORK/places"
  chmod 0777 "$WORK/places"
  local look="cat $HOME_OF/view/file; echo new >$HOME_OF/view/mine; cat $HOME_OF/view/mine; grep -c '/view ' /proc/self/mountinfo
    grep -c '$WORK/places' /proc/self/mountinfo || :"
  by_hand "$MADE" "$look" "$WORK/places"
  same "$(head -4 <<<"$output")" $'low\nnew\n1\n0'  # then bash tells that the holder was ended
  same "$(find "$HOME_OF/view" "$WORK/places" -mindepth 1)" ""
  # The place itself is covered by a mount that is made before.
  by_hand "$MADE" "$look" "$HOME_OF/layers"
  same "$(head -3 <<<"$output")" $'low\nnew\n1'
  same "$(find "$HOME_OF/view" "$HOME_OF/layers" -mindepth 1)" ""
}

@test "hostile names stay words of the commands" {
  made unshare "${NEW[@]}" --mount bash -c "mkdir -p $HOME_OF/\$'a\\n\\'; touch \$HOME/broken; #'
    mount -t tmpfs none $HOME_OF/\$'a\\n\\'; touch \$HOME/broken; #'; exec sleep 60"
  by_hand "$MADE" "grep -c broken /proc/self/mountinfo"
  same "$output" 1
  [ ! -e "$HOME_OF/broken" ]
}

@test "explain refuses a namespace alone, and a process that is not there" {
  made sleep 60
  run -125 explain "/proc/$MADE/ns/net"
  contains "$output" "caisson ns show"
  run -125 explain 4194304
}
