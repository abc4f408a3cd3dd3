#!/usr/bin/env bats
# The network of an ordinary user's containers, on a machine of the test's own, in which everybody may use /dev/net/tun.
load ../lib/suite
load people
load net

setup() {
  unset CAISSON_NET
  people_setup
  SERVERS=()
  unshare --net --mount --propagation private sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  MACHINE=$!
  later kill -KILL "$MACHINE"
  unshare --net sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  OUTSIDE=$!
  later kill -KILL "$OUTSIDE"
  wait_for 10 own_networks
  wait_for 10 in_namespace_of_its_own mnt "$MACHINE"  # which is private by then
  on sh -e <<MACHINE
mkdir -p /dev/net
mount -t tmpfs none /dev/net
mknod -m 0666 /dev/net/tun c 10 200
echo 'nameserver 127.0.0.53' >"$WORK/resolv.conf"
mount --bind "$WORK/resolv.conf" /etc/resolv.conf
ip link set lo up
ip link add up0 type veth peer name up0 netns $OUTSIDE
ip address add 192.0.2.2/24 dev up0
ip link set up0 up
ip route add default via 192.0.2.1
MACHINE
  outside sh -ec 'ip address add 192.0.2.1/24 dev up0; ip link set up0 up'
  PROGRAMS=$PATH
}
teardown() {
  mine rm -f web >/dev/null 2>&1 || true
  people_teardown
}
on() { nsenter --target "$MACHINE" --net --mount -- "$@" 3>&- 4>&-; }
# The program of the ordinary user; PROGRAMS: where it finds others.
mine() {
  on setpriv --reuid "$CAISSON_TEST_USER" --regid "$CAISSON_TEST_USER" --init-groups \
    env -i PATH="$PROGRAMS" HOME="$HOME_OF" "$PROGRAM" --root "$HOME_OF/state" "$@" </dev/null
}
serve_web() {
  mine run -d --name web "$@" -- /usr/bin/python3 -c "$PROBE" serve 8080 >/dev/null
  wait_for 10 web_is_up
}
web_is_up() { mine logs web | grep -q up; }
reached() { [ "$(on bash -c 'ask "$@"' - "$1")" != nothing ]; }
carriers() { pgrep -u "$CAISSON_TEST_USER" '^(pas|slirp)' || true; }
none_carries() { [ -z "$(carriers)" ]; }

@test "a container without root reaches the outside, and is reached by its published ports" {
  served world 8000 outside
  run -0 mine run --net user -- /usr/bin/python3 -c "$PROBE" ask http://192.0.2.1:8000
  same "$output" 192.0.2.2
  [ -e /run/systemd/resolve/resolv.conf ] || same "$(mine run --net user -- cat /etc/resolv.conf)" "nameserver 169.254.1.1"
  same "$(mine run -- sh -c 'echo /sys/class/net/*')" /sys/class/net/lo
  wait_for 5 none_carries

  serve_web -p 8081:8080 -p 127.0.0.1:8080:8080/udp
  run -0 on bash -c 'ask "$@"' - http://127.0.0.1:8081 http://192.0.2.2:8081 udp://127.0.0.1:8080
  [[ $output != *nothing* ]]
  run -0 outside bash -c 'ask "$@"' - http://192.0.2.2:8081
  same "$output" 192.0.2.1
  run -125 mine run -p 8081:80 -- true
  contains "$output" "publishes port 8081 already"
  mine run -d --name any -p 0:8080 -- /usr/bin/python3 -c "$PROBE" serve 8080 >/dev/null
  wait_for 10 reached "http://127.0.0.1:$(mine inspect any | jq -r '.[0].NetworkSettings.Ports."8080/tcp"[0].HostPort')"
  mine rm -f any >/dev/null
  mine restart -t 0 web >/dev/null
  wait_for 10 reached http://127.0.0.1:8081
  same "$(carriers | wc -l)" 1
  # Whoever watches over the container may die: it keeps its network, and that ends with it.
  kill -KILL "$(pgrep -u "$CAISSON_TEST_USER" -f '^caisson: web ')"
  reached http://127.0.0.1:8081
  kill -KILL "$(mine inspect web | jq '.[0].State.Pid')"
  wait_for 5 none_carries
  mine rm -f web >/dev/null
  same "$(find "$HOME_OF/state/.net" -path '*/members/*' -o -path '*/files/*')" ""
  mine run --net user -- sleep 100 3>&- 4>&- &
  local caller=$!
  wait_for 5 sh -c "pgrep -u '$CAISSON_TEST_USER' 'passt|pasta'"
  kill -KILL "$(pgrep -P "$caller")"
  wait_for 5 none_carries
}

@test "without pasta it is slirp4netns, and without both the error names the packages" {
  mkdir "$WORK/bin"
  PROGRAMS=$WORK/bin
  # What is not on PATH is looked for where systems have their programs, too: there it is hidden.
  local slirp pasta
  slirp=$(realpath "$(command -v slirp4netns)") pasta=$(realpath "$(command -v pasta)")
  on mount --bind /dev/null "$slirp"
  on mount --bind /dev/null "$pasta"
  run -125 mine run -p 8080:80 -- true
  contains "$output" "neither pasta nor slirp4netns is installed"
  contains "$output" "install the package passt"
  run -125 mine run --net user --net host -- true
  contains "$output" "cannot be combined"
  run -125 on "$PROGRAM" run --net user -- true
  contains "$output" "is the network of ordinary users"
  cp "$slirp" "$WORK/bin/slirp4netns"
  run -125 mine run -p 80:80 -- true
  contains "$output" "ip_unprivileged_port_start"
  run -125 mine run -p '[fd00::1]:8080:80' -- true
  contains "$output" "slirp4netns cannot lead fd00::1 into a container"
  # Datagrams to a port of another number are its affair also where there is a pasta, of which not every version answers them.
  cp "$pasta" "$WORK/bin/pasta"
  serve_web -p 8081:8080 -p 5353:8080/udp
  run -0 outside bash -c 'ask "$@"' - http://192.0.2.2:8081 udp://192.0.2.2:5353
  [[ $output != *nothing* ]]
  contains "$(carriers | xargs ps -o comm= -p)" slirp4netns
  mine rm -f web >/dev/null
  wait_for 5 none_carries
  # One that does not work says why.
  ln -sf "/bin/false" "$WORK/bin/pasta"
  run -125 mine run --net user -- true
  contains "$output" "pasta did not connect the container: ended with status 1"
}
