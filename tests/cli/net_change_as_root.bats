#!/usr/bin/env bats
# Networks and devices of containers that run, on a machine of the test's own.
load ../lib/suite
load people
load net

setup() { net_setup; }
teardown() {
  net rm -f "${DETACHED[@]}" >/dev/null 2>&1 || true
  people_teardown
}

# detached NAME OPTIONS...: a server at port 80.
detached() {
  local name=$1
  shift
  DETACHED+=("$name")
  net run -d --name "$name" "$@" -- /usr/bin/python3 -c "$PROBE" serve 80 >/dev/null
  wait_for 10 says_up "$name"
}
says_up() { net logs "$1" | grep -q up; }
inside() { local name=$1; shift; net exec "$name" "$@"; }
gone_inside() { ! inside "$1" ip link show "$2" >/dev/null 2>&1; }
# inside_asks NAME URL...
inside_asks() { local name=$1; shift; inside "$name" /usr/bin/python3 -c "$PROBE" ask "$@"; }

@test "a running container is brought to networks and taken off them" {
  net net create lab --ipv6 >/dev/null
  net net create other >/dev/null
  detached web --net none
  run -0 --separate-stderr net net connect lab:ifname=lan0 web
  [[ $output == "lan0 10.89."*" fd"* ]]
  contains "$stderr" "ip_forward was 0"
  run -0 asks --net lab -- http://web "http://$(address lab web)"
  [[ ${lines[0]} == fd* && ${lines[1]} == 10.89.* ]]
  run -125 net net connect lab web
  contains "$output" "container web is on network lab already"
  run -125 net net connect other:ifname=lan0 web
  contains "$output" "has a network device lan0 already"
  run -125 net net connect nowhere web
  contains "$output" "known are lab, other"
  net rename web www
  same "$(net net connect other:ip=10.89.4.9 www)" "eth0 10.89.4.9"
  inside www ip route >"$WORK/routes"
  contains "$(cat "$WORK/routes")" "default via 10.89.0.1 dev lan0 proto static metric 100"
  contains "$(cat "$WORK/routes")" "default via 10.89.4.1 dev eth0 proto static metric 101"
  net net disconnect lab www
  run -0 asks --net lab -- http://10.89.4.9
  same "$output" nothing
  run -0 asks --net other -- http://10.89.4.9
  [[ $output == 10.89.* ]]
  run -125 net net disconnect lab www
  contains "$output" "container www is not on network lab"
  net net disconnect other www
  same "$(left_over)" 0

  # What was published leads to the network that remains, and its hosts file follows.
  detached port --net lab --publish 8080:80
  run -0 inside_asks port http://192.0.2.2:8080
  [[ $output == 10.89.* ]]
  # By its name wherever a container is asked for, and with all it has in the listings.
  run -0 asks --net container:port -- http://127.0.0.1
  same "$output" 127.0.0.1
  same "$(net ns show port --json | jq -r .container)" "$(jq -r '.[0].Id' <<<"$(net inspect port)")"
  run -125 net run --net container:ports -- true
  contains "$output" 'did you mean port?'
  [[ $(net ps | grep ' port$') == *"   0.0.0.0:8080->80/tcp   port" ]]
  net inspect port >"$WORK/port.json"
  same "$(jq -c '.[0].NetworkSettings.Ports' "$WORK/port.json")" '{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}'
  same "$(jq -r '.[0].NetworkSettings.Networks.lab | .IPAddress, .IPPrefixLen, .Gateway, .IPv6Gateway' "$WORK/port.json" | head -n 3 | tail -n 2)" $'22\n10.89.0.1'
  same "$(jq -r '.[0].NetworkSettings.Networks.lab.IPAddress' "$WORK/port.json")" "$(address lab port)"
  net net connect other port >/dev/null
  contains "$(inside port cat /etc/hosts)" "10.89.4."
  net net disconnect lab port
  run -0 outside bash -c 'ask "$@"' - http://192.0.2.2:8080
  same "$output" 192.0.2.1
  run -0 on bash -c 'ask "$@"' - http://127.0.0.1:8080
  [[ $output == 10.89.4.* ]]
  run -0 inside_asks port http://192.0.2.2:8080
  [[ $output == 10.89.* ]]
  net net connect lab www >/dev/null
  net restart -t 0 www >/dev/null
  same "$(inside www sh -c 'echo /sys/class/net/*')" /sys/class/net/lo
  DETACHED=()
  net rm -f www port >/dev/null
  same "$(left_over)" 0
}

card_state() { on ip -o -d address show dev card0 | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ tentative//'; on ip route show dev card0; on ip -6 route show dev card0 | grep -v '^fe80\|anycast' || true; on cat /proc/net/dev | grep -c card0; on ip -o link show card0 | grep -o 'mtu [0-9]*\|link/ether [0-9a-f:]*\|,UP,'; }
card_is_back() { [ "$(card_state 2>&1)" = "$CARD" ]; }

@test "a device of the machine moves into a container, and comes back as it was however that ends" {
  on ip -batch - <<BATCH
link add card0 mtu 1400 type veth peer name card0 netns $OUTSIDE
address add 198.51.100.2/24 brd + dev card0
address add 2001:db8:5::2/64 dev card0 nodad
link set card0 up
route add 203.0.113.0/24 via 198.51.100.1 metric 50
BATCH
  outside ip -batch - <<BATCH
address add 198.51.100.1/24 dev card0
link set card0 up
BATCH
  served world 8000 outside
  wait_for 10 on sh -c 'ip -6 address show dev card0 scope link -tentative | grep -q inet6'  # which comes some time after the other end is up
  CARD=$(card_state)
  contains "$CARD" "203.0.113.0/24 via 198.51.100.1 metric 50"
  detached "$ID-web" --net none
  net net attach "$ID-web" --dev card0 --name nic0
  run -1 on ip link show card0
  run -0 inside_asks "$ID-web" http://198.51.100.1:8000
  same "$output" 198.51.100.2
  contains "$(inside "$ID-web" ip -o address show nic0)" "2001:db8:5::2/64"
  contains "$(inside "$ID-web" ip -o link show nic0)" "mtu 1400"
  run -125 net net detach "$ID-web" --dev card0
  contains "$output" 'has no attached device "card0"'
  net net detach "$ID-web" --dev nic0
  same "$(card_state)" "$CARD"
  same "$(left_over)" 0

  net net attach "$ID-web" --dev card0
  net kill "$ID-web" >/dev/null
  wait_for 10 card_is_back
  same "$(left_over)" 0
  net start "$ID-web" >/dev/null
  net net attach "$ID-web" --dev card0
  kill -KILL "$(net inspect "$ID-web" | jq '.[0].State.Pid')" "$(pgrep -f "^caisson: $ID-web ")"
  wait_for 10 gone_back
  same "$(grep -c "$STATE" /proc/self/mountinfo)" 0
  net start "$ID-web" >/dev/null
  # Another device has got its name meanwhile.
  net net attach "$ID-web" --dev card0
  on ip link add card0 type veth peer name card1
  run -0 net net detach "$ID-web" --dev card0
  contains "$output" "comes back as cv"
  contains "$(on ip -o -4 address show)" "198.51.100.2/24"
}
gone_back() { net net ls >/dev/null && card_is_back; }

@test "two containers are linked by a pair of their own; what cannot be is refused" {
  detached one --net none
  detached two
  net net link one two --name-a left --ip-a 10.9.9.1/30 --ip-b 10.9.9.2/30
  run -0 inside_asks one http://10.9.9.2
  same "$output" 10.9.9.1
  contains "$(inside two ip -o address show eth1)" "10.9.9.2/30"
  run -125 net net link one two --name-a left
  contains "$output" "has a network device left already"
  run -125 net net link one one
  contains "$output" "have one network"
  run -125 net net link one two --ip-a 10.9.9.1
  contains "$output" "the form is ADDRESS/BITS"
  run -125 net net attach one --dev lo
  contains "$output" "is the loopback device"
  run -125 net net attach one --dev nothing
  contains "$output" "this machine has no network device"
  bridge=$(on ip -o link show type bridge | cut -d: -f2 | tr -d ' ')
  run -125 net net attach one --dev "$bridge"
  contains "$output" "belongs to a network of containers"
  DETACHED+=(host)
  net run -d --name host --net host -- sleep 100 >/dev/null
  run -125 net net connect default host
  contains "$output" "has no network of its own: it shares this machine's"
  run -125 net net connect default nobody
  contains "$output" "nobody"
  run -125 on setpriv --reuid 65534 --clear-groups "$PROGRAM" net connect default one
  contains "$output" "networks of containers need root"
  net rm -f one >/dev/null
  # The kernel takes its time to end a namespace.
  wait_for 5 gone_inside two eth1
}
