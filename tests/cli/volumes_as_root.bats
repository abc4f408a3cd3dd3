#!/usr/bin/env bats
# The volumes of images. The file volumes_as_user.bats is a link to this one: the same tests as an ordinary user. Exposed ports:
# net_as_root.bats.
load ../lib/suite
load people
load containers

setup() { images_setup; }
teardown() { containers_teardown; }
# image NAME PATH...: an image that wants volumes there.
image() {
  local name=$1
  shift
  $MAKER volumes "$WORK/$name.d" "$@"
  c image load --no-sync --name "$name" "$WORK/$name.d" >/dev/null
}
# Every file of the volumes, as the container sees it.
SEEN='cd /srv && for f in data data/* data/sub/*; do /bin/busybox stat -c "%n %A %h %U:%G %Y" $f; done'

@test "a volume has what the image has there, can be written to below a read-only root, and goes with a container that keeps nothing" {
  image none
  image vol /srv/data /srv/data/sub/ /new/place /lib/x /out/above /srv/data
  run -0 c run none sh -c "$SEEN; /bin/busybox id"
  plain=$output
  run -0 c run --read-only vol sh -c "$SEEN; /bin/busybox id; echo more >>/srv/data/one"
  same "$output" "$plain"
  run -0 c run --read-only vol sh -c '
    for place in /srv/data /srv/data/sub /new/place /srv/lib/x /above; do echo x >$place/x || exit; done
    echo x >/srv/x || echo read-only; cat /srv/data/one; /bin/busybox ls /new/place
    /bin/busybox grep -c " - tmpfs caisson " /proc/self/mountinfo'
  same "$output" $'sh: can\'t create /srv/x: Read-only file system\nread-only\none\nx\n5'
  run -0 c run vol sh -c '/bin/busybox ls -d /srv/x /srv/data/x /above/x 2>/dev/null || echo nothing kept'
  same "$output" "nothing kept"
  # What lies where the caller has something, or the runtime, is theirs.
  person mkdir mine
  run -0 c run --volume ./mine:/srv/data/ --tmpfs /new vol sh -c ': >/srv/data/x; /bin/busybox grep -c " - tmpfs caisson " /proc/self/mountinfo'
  same "$output" 2
  same "$(ls mine)" x
  contains "$(c run --dry-run vol)" "volume /srv/data/sub"
}

@test "what a detached container has in its volumes outlives its end, and is no part of an image" {
  image vol /srv/data /dev/shm/own
  run -0 c run -d --name v vol sh -c 'echo run >>/srv/data/one; : >/made; : >/ready; exec /bin/sleep 60'
  until c exec v ls /ready >/dev/null 2>&1; do sleep 0.1; done
  c cp v:/srv/data/one - | tar xO >one
  same "$(cat one)" one$'\n'run
  run -0 c commit --no-sync --no-pause --volume /more --expose 81 --expose 53/udp --stop-signal USR1 v with
  same "$(c image inspect with | jq -c '[(.config.volumes | sort), (.config.ports | sort), .config.stopSignal]')" \
    '[["/dev/shm/own","/more","/srv/data"],["53/udp","80/tcp","8000-8001","81/tcp"],"USR1"]'
  run -0 c run with cat /srv/data/one
  same "$output" one
  c stop -t 0 v
  # What the image wants there is the runtime's own: /dev/shm.
  run -0 c inspect v
  same "$(jq -c '.[0].Mounts | map([.Type, .Destination, .RW])' <<<"$output")" '[["volume","/srv/data",true]]'
  same "$(jq -c '.[0].Config | [(.Volumes | keys), (.ExposedPorts | keys)]' <<<"$output")" \
    '[["/dev/shm/own","/srv/data"],["53/udp","80/tcp","8000-8001"]]'
  [ "$WHO" != root ] || same "$(cat "$(jq -r '.[0].Mounts[0].Source' <<<"$output")/one")" one$'\n'run
  echo put >put
  c cp put v:/srv/data/put
  lacks "$(c diff v)" /srv/data/put
  c start v
  wait_for 10 eval '[ "$(c exec v cat /srv/data/one /srv/data/put)" = "one"$'"'\n'"'"run"$'"'\n'"'"run"$'"'\n'"'"put" ]'
  c rm -f v
  same "$(find "$STATE" -path '*volume*')" ""
}

@test "places where no volume can be" {
  image file /file
  run -125 c run file true
  contains "$output" "the image wants a volume at /file, where it has something that is no directory"
  contains "$output" "--volume FILE:/file"
  run -0 c run --volume "/etc/hostname:/file" file cat /file
  for place in / srv //; do
    image bad "$place"
    run -125 c run bad true
    contains "$output" "the image wants a volume at \"$place\", which is not the path of a directory below its root"
    rm -r "$WORK/bad.d"
  done
}
