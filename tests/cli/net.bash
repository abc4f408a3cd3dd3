# A machine for the tests of container networks: a network namespace with an uplink 192.0.2.2 and 2001:db8::2, at whose other end
# stands another one, the outside, with 192.0.2.1 and 2001:db8::1. Nothing of the machine that the tests run on is touched.

net_setup() {
  unset CAISSON_NET
  SERVERS=()
  people_setup
  NET=("$PROGRAM" --root "$STATE")
  unshare --net sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  MACHINE=$!
  later kill -KILL "$MACHINE"
  unshare --net sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  OUTSIDE=$!
  later kill -KILL "$OUTSIDE"
  wait_for 10 own_networks
  on ip -batch - <<BATCH
link set lo up
link add up0 type veth peer name up0 netns $OUTSIDE
address add 192.0.2.2/24 dev up0
address add 2001:db8::2/64 dev up0 nodad
link set up0 up
route add default via 192.0.2.1
BATCH
  # A new network namespace takes over what the machine around it has.
  on sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'
  outside ip -batch - <<BATCH
link set lo up
address add 192.0.2.1/24 dev up0
address add 2001:db8::1/64 dev up0 nodad
link set up0 up
BATCH
}

own_networks() {
  local own
  own=$(readlink /proc/self/ns/net)
  [ "$(readlink "/proc/$MACHINE/ns/net")" != "$own" ] && [ "$(readlink "/proc/$OUTSIDE/ns/net")" != "$own" ]
}

on() { nsenter --target "$MACHINE" --net -- "$@" 3>&- 4>&-; }
outside() { nsenter --target "$OUTSIDE" --net -- "$@" 3>&- 4>&-; }
# The program of this test on the machine.
net() { on "${NET[@]}" "$@" </dev/null; }
PROBE=$(cat "$BATS_TEST_DIRNAME/net_probe.py")
ask() { /usr/bin/python3 -c "$PROBE" ask "$@"; }
export PROBE
export -f ask

# served NAME PORT COMMAND...: a server that COMMAND runs in the background; its pid in SERVER.
served() {
  local name=$1 port=$2
  shift 2
  "$@" /usr/bin/python3 -c "$PROBE" serve "$port" </dev/null >"$WORK/$name" 2>"$WORK/$name.err" 3>&- 4>&- &
  SERVER=$!
  SERVERS+=("$SERVER")
  later kill -KILL "$SERVER"
  wait_for 10 is_up "$name" || { cat "$WORK/$name.err" >&2; return 1; }
}
is_up() { grep -q up "$WORK/$1"; }

# container NAME PORT OPTIONS...: a server in a container called NAME.
container() {
  local name=$1 port=$2
  shift 2
  served "$name" "$port" nsenter --target "$MACHINE" --net -- "${NET[@]}" run --hostname "$name" "$@" --
}
# asks OPTIONS... -- URL...: from a container of its own.
asks() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  net run "${options[@]}" -- /usr/bin/python3 -c "$PROBE" ask "$@"
}
address() { net net inspect "$1" | jq -r --arg name "$2" ".[0].containers[] | select(.names[0] == \$name) | .${3:-ip}"; }

# What the networks of containers leave on the machine.
left_over() {
  on ip -o link show | grep -c ': cv' || true
  on nft list tables | grep caisson || true
  find "$STATE/.net" -path '*/members/*' -o -path '*/files/*' | sed "s,$STATE,,"
}
