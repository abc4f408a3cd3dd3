#!/usr/bin/env bats
# A detached container from an image with a network: each part holds what the others need for as long as the container lives.
load ../lib/suite
load people
load net

setup() { net_setup; }
teardown() { people_teardown; }

@test "a detached container from an image keeps its ports, its address and its image until it is removed" {
  mkdir -p root/bin root/www
  cp /bin/busybox root/bin/busybox
  echo hello >root/www/index.html
  net image import --no-sync --store "$WORK/store" "$PWD/root" box:1
  net net create lab >/dev/null
  net run -d --name web --net lab --publish 8080:80 --store "$WORK/store" box:1 /bin/busybox httpd -f -p 80 -h /www
  later net rm -f web
  same "$(net ps --json | jq -r '.[] | .Image + " " + .Name')" "box:1 web"
  get='exec 5<>"/dev/tcp/$0/$1"; printf "GET / HTTP/1.0\r\n\r\n" >&5; tail -n 1 <&5'
  says_hello() { [ "$(on bash -c "$get" 192.0.2.2 8080 2>&1)" = hello ]; }
  wait_for 10 says_hello
  # By the name of the container, from another one.
  run -0 net run --net lab -- bash -c "$get" web 80
  same "$output" hello
  # The monitor keeps the port and the image.
  run -1 on timeout 5 busybox nc -l -p 8080
  contains "$output" "in use"
  run -125 net image rm --store "$WORK/store" box:1
  contains "$output" "what container web has written lies above it"

  net restart -t 1 web >/dev/null
  wait_for 10 says_hello

  net rm -f web >/dev/null
  same "$(left_over)" 0
  net image rm --store "$WORK/store" box:1
}
