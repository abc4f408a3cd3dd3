# A small machine of its own for tests of pictures: everything in new namespaces, gone with its first process.

# world COMMAND...: the machine, and COMMAND in it as a process of its host. It has a bridge br0 with three network namespaces on
# it, a pair between the second and the third, a network namespace that only a mount holds, a process in a user and pid namespace
# of its own, and one whose name is hostile (an ipc namespace of its own).
world() {
  local flags=(--mount --uts --net --pid --fork --mount-proc --propagation private)
  [ "$WHO" = root ] || flags+=(--user --map-root-user)
  person unshare "${flags[@]}" bash "$WORK/world" "$@" </dev/null
}

world_setup() {
  people_setup
  command -v ip >/dev/null || skip "no iproute2"
  person unshare --user --net true 2>/dev/null || skip "this machine forbids user namespaces"
  cat >"$WORK/world" <<'END'
set -eu
PATH=$PATH:/usr/sbin:/sbin
hostname mapworld
mount -t tmpfs tmpfs /run
ip link add br0 type bridge
ip addr add 10.9.0.1/24 dev br0
ip link set br0 up
# named NAME: waits for a process of that name, and gives its pid.
named() {
  for _ in $(seq 300); do
    for pid in /proc/[0-9]*; do
      if { IFS= read -r -d '' word <"$pid/cmdline"; } 2>/dev/null && [ "$word" = "$1" ]; then echo "${pid#/proc/}"; return; fi
    done
    sleep 0.01
  done
  exit 9
}
i=0
for name in one two three; do
  i=$((i + 1))
  unshare --net bash -c "exec -a $name-server sleep 1000" &
  pid=$(named "$name-server")
  eval "$name=$pid"
  ip link add "v$i" type veth peer name eth0 netns "$pid"
  ip link set "v$i" master br0 up
  nsenter --target "$pid" --net sh -c "ip addr add 10.9.0.1$i/24 dev eth0; ip -6 addr add 2001:db8::1$i/64 dev eth0 nodad; ip link set eth0 up"
done
nsenter --target "$two" --net ip link add direct23 type veth peer name direct32 netns "$three"
ip netns add blue
unshare --user --map-root-user --pid --fork bash -c 'exec -a nested-server sleep 1000' &
named nested-server >/dev/null
evil=$'evil\e[2J<script><b>"&'
unshare --ipc bash -c 'exec -a "$1" sleep 1000' - "$evil" &
named "$evil" >/dev/null
"$@"
END
  chmod 0755 "$WORK/world"
}
