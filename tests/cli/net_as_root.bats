#!/usr/bin/env bats
# Networks of containers, on a machine of the test's own.
load ../lib/suite
load people
load net

setup() { net_setup; }
teardown() { people_teardown; }

@test "containers of one network reach each other, the world and published ports; others reach only those" {
  net net create lab --ipv6 >/dev/null
  net net create other >/dev/null
  container web 80 --net lab --publish 8080:80 --publish 5353:80/udp --publish 127.0.0.1:9090:80
  web=$(address lab web) web6=$(address lab web ip6)
  served world 8000 outside
  contains "$(cat "$WORK/web.err")" "ip_forward was 0"

  # A flow that the machine already knows when the port comes to lead somewhere.
  outside /usr/bin/python3 -c "$PROBE" insist 192.0.2.2 5454 >"$WORK/insists" 2>&1 &
  wait_for 10 grep -q asks "$WORK/insists"
  container late 80 --net lab --publish 5454:80/udp
  wait_for 5 grep -q 192.0.2.1 "$WORK/insists"

  run -0 on bash -c 'ask "$@"' - "http://$web" http://127.0.0.1:8080 http://192.0.2.2:8080 http://127.0.0.1:9090 "http://[$web6]" "udp://127.0.0.1:5353"
  [[ ${lines[0]} == 10.89.* && ${lines[1]} == 10.89.* && ${lines[2]} == 192.0.2.2 && ${lines[3]} == 10.89.* && ${lines[4]} == fd* ]]
  [[ ${lines[5]} == 10.89.* ]]

  outside ip route add 10.89.0.0/16 via 192.0.2.2
  run -0 outside bash -c 'ask "$@"' - http://192.0.2.2:8080 "http://[2001:db8::2]:8080" udp://192.0.2.2:5353 http://192.0.2.2:9090 "http://$web"
  same "${lines[*]}" "192.0.2.1 2001:db8::1 192.0.2.1 nothing nothing"

  run -0 asks --net lab:ip=10.89.1.7,ifname=lan0 --hostname app -- http://web "http://$web" http://192.0.2.2:8080 http://192.0.2.1:8000 \
    "http://[2001:db8::1]:8000" udp://web:80 http://app
  [[ ${lines[0]} == fd* && ${lines[2]} != nothing ]]
  same "${lines[1]}" 10.89.1.7
  same "${lines[*]:3:2}" "192.0.2.2 2001:db8::2"
  [[ ${lines[5]} == fd* ]]
  same "${lines[6]}" nothing

  run -0 asks --net other --dns 192.0.2.1 -- "http://$web" http://192.0.2.2:8080 http://192.0.2.1:8000 http://web
  same "${lines[*]}" "nothing ${lines[1]} 192.0.2.2 nothing"
  [ "${lines[1]}" != nothing ]

  run -0 net run --net lab --net other --hostname both --dns 192.0.2.53 --dns-search example.org --add-host db:192.0.2.7 -- sh -c \
    'cat /etc/hostname /etc/resolv.conf /etc/hosts; ip -o -4 address; ip route; ! echo x >/etc/hosts' 2>/dev/null
  contains "$output" $'both\nnameserver 192.0.2.53\nsearch example.org'
  contains "$output" "192.0.2.7 db"
  contains "$output" "$web web"
  contains "$output" "eth1"
  contains "$output" "default via 10.89.0.1 dev eth0 proto static metric 100"
  run -0 net run --net lab -- sh -c 'cat /etc/hostname; getent hosts caisson'
  same "${lines[0]}" caisson
  contains "$output" "caisson run-"
  run -0 net run --net none --add-host db:192.0.2.7 -- getent hosts db caisson
  contains "$output" "192.0.2.7"
}

@test "root is on the network default unless something else is said, and is told what stands in its way" {
  served world 8000 outside
  run -0 --separate-stderr asks -- http://192.0.2.1:8000
  same "$output" 192.0.2.2
  contains "$stderr" "ip_forward was 0"
  run -0 net run
  contains "$output" "network devices   lo eth0"
  same "$(CAISSON_NET=none net run -- sh -c 'echo /sys/class/net/*')" /sys/class/net/lo
  same "$(net run --net none -- sh -c 'echo /sys/class/net/*')" /sys/class/net/lo
  contains "$(net run --share net --share uts -- ip -o link)" up0
  run -125 on capsh --drop=cap_net_admin -- -c "'$PROGRAM' --root '$STATE' run -- true"
  contains "$output" "change the packet filter (nf_tables): Operation not permitted"
  contains "$output" "--net none runs it without one"
  same "$(left_over)" 0
  # Detached: what the environment said then holds for a restart, too.
  id=$(CAISSON_NET=none net run -d -- sleep 60)
  net restart -t 0 "$id" >/dev/null
  same "$(net exec "$id" sh -c 'echo /sys/class/net/*')" /sys/class/net/lo
  net rm -f "$id" >/dev/null

  on iptables -P FORWARD DROP
  run -0 --separate-stderr asks -- http://192.0.2.1:8000
  same "$output" nothing
  contains "$stderr" "policy drop of chain FORWARD in table ip filter"
  on sh -c "${stderr##*let them through: }"
  on iptables-legacy -P FORWARD DROP
  run -0 --separate-stderr asks -- http://192.0.2.1:8000
  same "$output" nothing
  contains "$stderr" "in table iptables-legacy filter"
  on sh -c "${stderr##*let them through: }"
  on nft add table inet other
  on nft add chain inet other past '{ type filter hook forward priority 0; policy drop; }'
  run -0 --separate-stderr asks -- http://192.0.2.1:8000
  same "$output" nothing
  contains "$stderr" "policy drop of chain past in table inet other"
  on sh -c "${stderr##*let them through: }"
  run -0 --separate-stderr asks -- http://192.0.2.1:8000
  same "$output" 192.0.2.2
  same "$stderr" ""
}

@test "an internal network has no way out, and nobody else a way in" {
  net net create vault --internal >/dev/null
  net net create lab >/dev/null
  container safe 80 --net vault
  served world 8000 outside
  run -0 asks --net vault -- http://safe http://192.0.2.1:8000
  [[ ${lines[0]} == 10.89.* ]]
  same "${lines[1]}" nothing
  run -0 --separate-stderr asks --net lab -- "http://$(address vault safe)"
  same "$output" nothing
  contains "$stderr" "ip_forward was 0"
  same "$(on cat /proc/sys/net/ipv4/ip_forward)" 1
  run -125 net run --net vault --publish 80:80 -- true
  contains "$output" "is internal"
}

@test "ports that an image exposes are published at free ports, and told where containers are listed" {
  $PYTHON "$BATS_TEST_DIRNAME/image_maker.py" volumes "$WORK/app.d" /srv/data
  export CAISSON_STORE=$WORK/store
  net image load --no-sync --name app "$WORK/app.d" >/dev/null
  net net create lab --subnet 10.5.0.0/24 >/dev/null
  net run -d --name plain --net lab app >/dev/null
  same "$(net ps --json | jq -r '.[0].Ports')" "80/tcp, 53/udp, 8000/tcp, 8001/tcp"
  same "$(net inspect plain | jq -c '.[0].NetworkSettings.Ports')" '{"53/udp":null,"80/tcp":null,"8000/tcp":null,"8001/tcp":null}'
  net rm -f plain >/dev/null
  # The machine has fewer free ports than the container wants, then enough.
  on sh -c 'echo 40000 40001 >/proc/sys/net/ipv4/ip_local_port_range'
  run -125 net run --net lab -P app
  contains "$output" "no port of 0.0.0.0 is free for 8001/tcp"
  on sh -c 'echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range'
  net run -d --name web --net lab -P -p 8053:53/udp app >/dev/null
  same "$(net ps --json | jq -r '.[0].Ports' | tr , '\n' | sed 's/^ *//; s/:4000[0-3]-/:4000x-/' | sort | tr '\n' ' ')" \
    "0.0.0.0:4000x->80/tcp 0.0.0.0:4000x->8000/tcp 0.0.0.0:4000x->8001/tcp 0.0.0.0:8053->53/udp "
  page() { on curl -s "http://127.0.0.1:$(net inspect web | jq -r '.[0].NetworkSettings.Ports."80/tcp"[0].HostPort')/deep"; }
  is_served() { [ "$(page)" = deep ]; }
  wait_for 10 is_served
  net restart -t 0 web >/dev/null
  wait_for 10 is_served
  net rm -f web >/dev/null
  net run -d --name one --net lab -p 127.0.0.1:0:80 app >/dev/null
  matches "$(net ps --json | jq -r '.[0].Ports')" '^127.0.0.1:4000[0-3]->80/tcp, 53/udp, 8000/tcp, 8001/tcp$'
  net rm -f one >/dev/null
  run -125 net run --net none -P app
  contains "$output" "no network that a port could lead to"
  run -125 net run --net lab -P -- true
  contains "$output" "--publish-all: belongs to an image, and none is meant"
  net net rm lab
  same "$(left_over)" 0
}

@test "what a killed container leaves is taken back by the next command" {
  net net create lab >/dev/null
  container web 80 --net lab --publish 8080:80
  container kept 80 --net lab
  on nft flush ruleset
  run -0 asks --net lab -- "http://$(address lab web)"
  [[ $output == 10.89.* ]]
  run -0 on bash -c 'ask "$@"' - http://127.0.0.1:8080
  [[ $output == 10.89.* ]]
  kill -KILL "$SERVER"
  wait_for 10 only_web_is_left # the first process of the killed one ends a moment after its runtime
  run -0 on bash -c 'ask "$@"' - http://127.0.0.1:8080
  [[ $output == 10.89.* ]]
  kill -KILL "${SERVERS[@]}" 2>/dev/null || true
  wait_for 10 nothing_left
  net net rm lab
  same "$(on ip -o link show type bridge)" ""
}
only_web_is_left() { net net ls >/dev/null && [ "$(net net inspect lab | jq -r '.[0].containers[].names[0]')" = web ]; }
nothing_left() { net net ls >/dev/null && [ "$(left_over)" = 0 ]; }

@test "containers that start at once have addresses of their own, and leave nothing" {
  net net create lab --subnet 10.5.0.0/24 >/dev/null
  nsenter --target "$MACHINE" --net -- bash -c 'for i in {1..20}; do "$@" run --net lab -- sh -c "ip -o -4 address show eth0; echo fine" & done; wait' - \
    "${NET[@]}" </dev/null >"$WORK/all" 2>"$WORK/err" 3>&- 4>&-
  same "$(grep -c fine "$WORK/all")" 20
  same "$(grep -o 'inet [0-9.]*' "$WORK/all" | sort -u | wc -l)" 20
  same "$(left_over)" 0
}

@test "net says what cannot be" {
  net net create lab --subnet 10.5.0.0/24 --mtu 1400 >/dev/null
  run -125 net net create lab
  contains "$output" "there is a network called lab already"
  run -125 net net create two --subnet 10.5.0.128/25
  contains "$output" "overlaps with network lab"
  run -125 net net create two --subnet 192.0.2.0/25
  contains "$output" "this machine has a route to 192.0.2.0/24"
  run -125 net net create host
  run -125 net run --net nowhere -- true
  contains "$output" 'there is no network called "nowhere"'
  contains "$output" "known are lab"
  run -125 net run --net lab:ip=10.5.0.1 -- true
  contains "$output" "it is the gateway's"
  container web 80 --net lab --publish 8080:80
  run -125 net run --net lab --publish 8080:80 -- true
  contains "$output" "container web publishes port 8080 already"
  served foreign 7070 nsenter --target "$MACHINE" --net --
  run -125 net run --net lab --publish 7070:80 -- true
  contains "$output" "port 7070/tcp is in use: by python3 (pid $SERVER)"
  run -125 net net rm lab
  contains "$output" "is in use by container"
  run -125 net run --net none --publish 80:80 -- true
  contains "$output" "the container has no network that a port could lead to"
  run -125 net run --net lab --net host -- true
  contains "$output" "cannot be combined"
  run -125 on setpriv --reuid 65534 --clear-groups "$PROGRAM" run --net lab -- true
  contains "$output" "networks of containers need root"
  run -125 net run --net lab --hostname 'a b' -- true
  contains "$output" "cannot stand in /etc/hosts"
  run -0 net run --net lab -- cat /sys/class/net/eth0/mtu
  same "$output" 1400
  run -0 net run --net "container:$(net net inspect lab | jq -r '.[0].containers[0].id')" -- ip -o -4 address show eth0
  contains "$output" "10.5.0.2/24"
  run -0 net net ls
  contains "$output" "10.5.0.0/24"
  same "$(net net inspect lab | jq -r '.[0].containers[0].published[0]')" 0.0.0.0:8080:80/tcp
}

# The kernel takes some twenty milliseconds to let go of a device. What waits for that is not the command, holds nothing of it,
# and says what it is.
@test "the end of a network is waited for by a process that nobody has to wait for" {
  mkdir "$WORK/scratch"
  later umount "$WORK/scratch"
  (until pgrep --ns "$MACHINE" --nslist net -fa '^caisson: network device cv'; do :; done >"$WORK/seen") 3>&- 4>&- &
  later kill $!
  for _ in $(seq 50); do
    mount -t tmpfs tmpfs "$WORK/scratch"
    (cd "$WORK/scratch" && net run --rm -- echo done) >"$WORK/out" 2>/dev/null
    umount "$WORK/scratch"
    same "$(pgrep -f -- "--root $STATE" || true)" ""
    same "$(cat "$WORK/out")" done
    same "$(left_over)" 0
    [ ! -s "$WORK/seen" ] || break
  done
  matches "$(head -1 "$WORK/seen")" '^[0-9]+ caisson: network device cv[0-9a-z]+ goes$'
  wait_for 5 sh -c "! kill -0 $(head -1 "$WORK/seen" | cut -d' ' -f1) 2>/dev/null"
}
