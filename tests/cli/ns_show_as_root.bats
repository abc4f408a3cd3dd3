#!/usr/bin/env bats
# `caisson ns show` and `caisson ns diff`, on processes in namespaces that each test makes. ns_show_as_user.bats is a link to this file: the same tests as an ordinary user.
load ../lib/suite
load people
load made

setup() { people_setup; }
teardown() { people_teardown; }

show() { person "$PROGRAM" ns show "$@"; }
diff_of() { person "$PROGRAM" ns diff "$@"; }

@test "show has every section, and a process that stands where the caller stands shares all with him" {
  made sleep 60
  run -0 show "$MADE"
  for title in process namespaces 'users and groups' capabilities security cgroup 'root and mounts' 'resource limits' network sysctls clocks; do
    contains $'\n'"$output"$'\n' $'\n'"$title"$'\n'
  done
  for kind in $(ns_kinds); do matches "$output" " $kind +\\[$(ns_of "$kind" | tr -dc 0-9)\\]  the caller's"; done
  lacks "$output" "not the caller's"
}

@test "show tells which namespaces are a process's own" {
  made unshare "${NEW[@]}" --uts --net --ipc sleep 60
  run -0 show --json --only namespaces "$MADE"
  same "$(jq -r '.namespaces[] | select(.inode != .caller) | .kind' <<<"$output" | sort | xargs)" \
    "$([ "$WHO" = root ] && echo ipc net uts || echo ipc net user uts)"
  same "$(jq -r '.namespaces[] | select(.kind == "net") | "net:[\(.inode)]"' <<<"$output")" "$(readlink "/proc/$MADE/ns/net")"
  run -0 show --only namespaces "$MADE"
  matches "$output" " net +\\[$(readlink "/proc/$MADE/ns/net" | tr -dc 0-9)\\]  not the caller's \\[$(ns_of net | tr -dc 0-9)\\]"
}

@test "show gives the id maps, the capabilities by name, no_new_privs and the limits of a process" {
  made unshare --user --map-root-user prlimit --nofile=77:99 setpriv --no-new-privs --bounding-set=-sys_time sleep 60
  run -0 show --json "$MADE"
  same "$(jq -r '.ids.uid_map[] | "\(.inside) \(.outside) \(.count)"' <<<"$output")" "$(xargs <"/proc/$MADE/uid_map")"
  same "$(jq -r '.ids.setgroups' <<<"$output")" deny
  same "$(jq -r '.security.no_new_privs' <<<"$output")" true
  same "$(jq -r '.limits[] | select(.name == "Max open files") | "\(.soft) \(.hard)"' <<<"$output")" "77 99"
  same "$(jq -r '.capabilities.bounding | index("CAP_SYS_TIME")' <<<"$output")" null
  same "$(jq -r '.capabilities.bounding | index("CAP_CHOWN")' <<<"$output")" 0
  run -0 show "$MADE"
  matches "$output" "user ids +0 inside is $(person id -u) outside"
  matches "$output" 'no_new_privs +yes'
  matches "$output" 'open files +77, at most 99 files'
}

@test "show reads host name, settings and clock offsets inside the namespaces" {
  made unshare "${NEW[@]}" --uts --net --ipc --time --fork --monotonic 1000 --boottime 2000 \
    sh -c 'hostname inside; echo 77 >/proc/sys/net/ipv4/ip_default_ttl; exec sleep 60'
  run -0 show --json "$MADE"
  same "$(jq -r .process.host_name <<<"$output")" inside
  same "$(jq -r '.sysctls.uts["kernel.hostname"]' <<<"$output")" inside
  same "$(jq -r '.sysctls.net["net.ipv4.ip_default_ttl"]' <<<"$output")" 77
  same "$(jq -r '.sysctls.ipc["kernel.msgmni"]' <<<"$output")" 32000
  matches "$(jq -r '.sysctls.user["user.max_net_namespaces"]' <<<"$output")" '^[0-9]+$'
  same "$(jq -r '.clocks[] | "\(.clock) \(.seconds)"' <<<"$output" | xargs)" "monotonic 1000 boottime 2000"
  run -0 show "$MADE"
  matches "$output" "net.ipv4.ip_default_ttl +77   \\(the caller's: $(cat /proc/sys/net/ipv4/ip_default_ttl)\\)"
  matches "$output" 'boottime +\+2000 s'
}

@test "show lists network devices with addresses and the other end of a pair" {
  made unshare "${NEW[@]}" --net sh -c 'ip link set lo up; ip link add left type veth peer name right
    ip address add 10.7.7.1/24 dev left; ip link set left up; ip link add name br0 type bridge; ip link set right master br0; exec sleep 60'
  run -0 show --only network "$MADE"
  matches "$output" 'lo +loopback, up'
  matches "$output" 'left +veth, up without carrier, .*other end right'
  contains "$output" 10.7.7.1/24
  matches "$output" 'right +veth, down, .*port of br0'
  run -0 show --json --only network "$MADE"
  same "$(jq -r '.network[] | select(.name == "left") | .addresses[0].address' <<<"$output")" 10.7.7.1
}

@test "show finds the namespace of the other end of a pair" {
  [ "$WHO" = root ] || skip "needs two network namespaces that the caller owns"
  made unshare --net sleep 60; first=$MADE
  made unshare --net sleep 60
  nsenter --target "$first" --net ip link add here type veth peer name there netns "$MADE"
  run -0 show --only network "$first"
  matches "$output" "here +veth, .*other end device [0-9]+ in $(readlink "/proc/$MADE/ns/net" | sed 's/[][]/\\&/g')"
}

@test "show draws the mounts as a tree, with their propagation and who else is in a peer group" {
  made unshare "${NEW[@]}" --mount sh -c "mkdir -p $HOME_OF/t; mount -t tmpfs top $HOME_OF/t; cd $HOME_OF/t; mkdir shared slave closed
    mount -t tmpfs one shared; mount --make-shared shared; mount --bind shared slave; mount --make-slave slave
    mount -t tmpfs two closed; mount --make-unbindable closed; mkdir shared/below; mount -t tmpfs three shared/below
    unshare --mount --propagation unchanged sleep 61 & exec sleep 60"
  wait_for 10 pgrep -P "$MADE" -x sleep  # the other one, too, is where it belongs
  run -0 show --only mounts "$MADE"
  group=$(awk -v at="$HOME_OF/t/shared" '$5 == at { sub("shared:", "", $7); print $7 }' "/proc/$MADE/mountinfo")
  matches "$output" "─$HOME_OF/t +tmpfs +top +rw,relatime +private"
  matches "$output" "[├└]─$HOME_OF/t/shared +tmpfs +one .* shared:$group"
  matches "$output" "[├└]─$HOME_OF/t/slave .* master:$group"
  matches "$output" "[├└]─$HOME_OF/t/closed .* unbindable"
  contains "$output" "─$HOME_OF/t/shared/below "
  other=$(pgrep -P "$MADE")
  matches "$output" "group $group: shared by $HOME_OF/t/shared; $HOME_OF/t/slave receives from it; also $HOME_OF/t/shared in mnt:\\[$(readlink "/proc/$other/ns/mnt" | tr -dc 0-9)\\] of $other sleep 61"
  run -0 show --json --only mounts "$MADE"
  same "$(jq -r --arg at "$HOME_OF/t/closed" '.mounts.mounts[] | select(.point == $at) | .unbindable' <<<"$output")" true
  same "$(jq -r --argjson group "$group" '.mounts.groups[] | select(.group == $group) | .members | length' <<<"$output")" 2
}

@test "names that anybody may choose cannot write on the terminal" {
  made unshare "${NEW[@]}" --mount bash -c "mkdir -p $HOME_OF/\$'a\\e[31m\\nb'; mount -t tmpfs \$'so\\e]0;x' $HOME_OF/\$'a\\e[31m\\nb'
    exec -a \$'evil\\e[2J\\nname' sleep 60"
  run -0 show "$MADE"
  lacks "$output" $'\e'
  contains "$output" 'a\x1b[31m\x0ab'
  contains "$output" '\033[2J\012name'
  run -0 show --json "$MADE"
  lacks "$output" $'\e'
  jq . <<<"$output" >/dev/null
}

@test "what may not be read is said, and the rest is shown" {
  [ "$WHO" = user ] || skip "root may read everything"
  sleep 60 3>&- & later kill $!
  run -0 show $!
  contains "$output" "cannot be read: Permission denied"
  matches "$output" 'user +0'
  run -0 show --json $!
  contains "$(jq -r '.missing[].why' <<<"$output")" "Permission denied"
  same "$(jq -r '.namespaces[0].inode' <<<"$output")" null
  run -2 diff_of $! $$
  contains "$output" "cannot be read"
}

@test "show of a namespace alone tells its owner, its processes and what is in it" {
  made unshare "${NEW[@]}" --net --uts sh -c 'ip link add name lone type bridge; hostname alone; exec sleep 60'
  run -0 show "/proc/$MADE/ns/net"
  matches "$output" "inode +net:\\[$(readlink "/proc/$MADE/ns/net" | tr -dc 0-9)\\]"
  matches "$output" "owner +user:\\[$(readlink "/proc/$MADE/ns/user" | tr -dc 0-9)\\]"
  matches "$output" "processes +$MADE sleep 60"
  matches "$output" 'lone +bridge'
  lacks "$output" seccomp
  run -0 show --json "/proc/$MADE/ns/uts"
  same "$(jq -r '.namespace.kind, .sysctls.uts["kernel.hostname"]' <<<"$output" | xargs)" "uts alone"
  same "$(jq -r '.namespace.processes[0].pid' <<<"$output")" "$MADE"
  made unshare --user --map-root-user sleep 60
  run -0 show "/proc/$MADE/ns/user"
  matches "$output" "user ids +0 inside is $(person id -u) outside"
}

@test "show of a mount namespace alone draws its mounts" {
  made unshare "${NEW[@]}" --mount sh -c "mkdir -p $HOME_OF/m; mount -t tmpfs alone $HOME_OF/m; exec sleep 60"
  run -0 show "/proc/$MADE/ns/mnt"
  matches "$output" "$HOME_OF/m +tmpfs +alone"
}

@test "show of a container of caisson run" {
  made_container sleep 60
  box=$MADE
  run -0 show --json "$box"
  same "$(jq -r '[.namespaces[] | select(.inode != .caller)] | length' <<<"$output")" "$(ns_kinds | wc -l)"
  same "$(jq -r '.security.no_new_privs' <<<"$output")" true
  same "$(jq -r '.process.pids[-1]' <<<"$output")" 1
  same "$(jq -r '.process.host_name' <<<"$output")" caisson
  # PID 1 of this machine may have more rights than the tests.
  same "$(jq -r '[.missing[].key] - ["security.label", "cgroup.figures", "namespaces.pid1"] | join(" ")' <<<"$output")" ""
}

@test "--only shows some sections, and refuses what is none" {
  made sleep 60
  run -0 show --only security,clocks "$MADE"
  same "$(grep -v '^ ' <<<"$output" | xargs)" "security clocks"
  run -125 show --only nonsense "$MADE"
  contains "$output" 'no section "nonsense"'
  contains "$output" network
}

@test "a process that is not there is an error" {
  run -125 show 4194304
  contains "$output" 4194304
  run -2 diff_of $$ 4194304
}

@test "diff of a process with itself is empty, exit status 0" {
  made sleep 60
  run -0 diff_of "$MADE" "$MADE"
  contains "$output" "are the same"
  run -0 diff_of --quiet "$MADE" "$MADE"
  same "$output" ""
  run -0 diff_of --json "$MADE" "$MADE"
  same "$(jq -r '.verdict, (.changes | length)' <<<"$output" | xargs)" "same 0"
}

@test "diff tells kind by kind what is shared and what differs inside" {
  made unshare "${NEW[@]}" --uts --net --mount --time --fork --boottime 5 sh -c "hostname one; ip link add name only1 type bridge
    mkdir -p $HOME_OF/d; mount -t tmpfs added $HOME_OF/d; exec sleep 60"
  first=$MADE
  made unshare "${NEW[@]}" --uts --net --mount --time --fork --boottime 6 sh -c 'hostname two; echo 78 >/proc/sys/net/ipv4/ip_default_ttl; exec sleep 60'
  run -1 diff_of "$first" "$MADE"
  matches "$output" "uts +different +\\[[0-9]+\\]  \\[[0-9]+\\]"
  matches "$output" "ipc +shared"
  contains "$output" $'    - one\n    + two'
  contains "$output" "only1 (only the first)"
  contains "$output" "$HOME_OF/d (only the first)"
  contains "$output" $'    - +5 s\n    + +6 s'
  contains "$output" $'  net.ipv4.ip_default_ttl\n'
  run -1 diff_of --quiet "$first" "$MADE"
  same "$output" ""
  run -1 diff_of --json "$first" "$MADE"
  same "$(jq -r '.namespaces[] | select(.kind == "ipc") | .verdict' <<<"$output")" same
  same "$(jq -r '.changes[] | select(.name == "host name") | .a[0], .b[0]' <<<"$output" | xargs)" "one two"
  run -0 diff_of --only cgroup,clocks "$MADE" "$MADE"
}

@test "diff of namespaces alone, and of a process with one" {
  made sleep 60; first=$MADE
  made unshare "${NEW[@]}" --uts sh -c 'hostname other; exec sleep 60'
  run -1 diff_of "/proc/$MADE/ns/uts" "$first"
  contains "$output" other
  run -0 diff_of "/proc/$MADE/ns/uts" "$MADE"
  run -2 diff_of "/proc/$MADE/ns/uts" "/proc/$MADE/ns/net"
  contains "$output" "nothing to compare"
}
