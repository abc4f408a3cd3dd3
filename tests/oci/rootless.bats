#!/usr/bin/env bats
load ../lib/suite

setup() {
  suite_setup
  need_root
  [ -n "${CAISSON_TEST_USER:-}" ] || skip "no ordinary user; run the whole folder"
  UID_OF=$(id -u "$CAISSON_TEST_USER")
  rm config.json
  cp "$SUITE_LIB/base_config.json" config.json
  with_namespace user
  without_namespace network
  config --argjson u "$UID_OF" --argjson g "$(id -g "$CAISSON_TEST_USER")" '
    .linux.uidMappings = [{containerID: 0, hostID: $u, size: 1}] | .linux.gidMappings = [{containerID: 0, hostID: $g, size: 1}]
    | (.mounts[] | select(.destination == "/dev/pts") | .options) |= map(select(. != "gid=5"))
    | (.mounts[] | select(.destination == "/sys")) |= {destination: "/sys", type: "none", source: "/sys", options: ["rbind", "nosuid", "noexec", "nodev", "ro"]}
    | .mounts |= map(select(.destination != "/sys/fs/cgroup"))'
  install -d -o "$CAISSON_TEST_USER" "$STATE"
  chown -hR "$CAISSON_TEST_USER:" "$BUNDLE"
  cp "$RUNTIME" "$WORK/$RUNTIME_NAME"
}
teardown() { suite_teardown; }

AROUND=()
as_user() { "${AROUND[@]}" setpriv --reuid "$CAISSON_TEST_USER" --regid "$(id -g "$CAISSON_TEST_USER")" --clear-groups --inh-caps=-all \
  env -i PATH="$PATH" HOME="$WORK" "$@" 3>&- </dev/null; }
rootless() { as_user "$WORK/$RUNTIME_NAME" --root "$STATE" "$@"; }

@test "an ordinary user runs a container with a single mapping" {
  payload 'id -u; cat /proc/self/uid_map; hostname'
  chown "$CAISSON_TEST_USER" config.json
  run -0 rootless run --bundle "$BUNDLE" "$ID"
  same "${lines[0]}" 0
  matches "${lines[1]}" "^ +0 +$UID_OF +1$"
  same "${lines[2]}" box
}

@test "an ordinary user creates, starts, enters, kills and deletes" {
  payload 'exec sleep 1000'
  rootless run --detach --bundle "$BUNDLE" "$ID" >"$WORK/out" 2>&1
  run -0 rootless exec "$ID" id -u
  same "$output" 0
  same "$(rootless state "$ID" | jq -r .status)" running
  rootless kill "$ID" KILL
  for n in $(seq 100); do [ "$(rootless state "$ID" | jq -r .status)" = stopped ] && break; sleep 0.05; done
  rootless delete "$ID"
  run ! rootless state "$ID"
}

@test "an ordinary user goes through the life of a container where /proc hides what may not be looked into" {
  AROUND=(unshare --mount --propagation private sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' -)
  payload 'exec sleep 1000'
  rootless create --bundle "$BUNDLE" "$ID" >"$WORK/out" 2>&1
  same "$(rootless state "$ID" | jq -r .status)" created
  rootless start "$ID"
  same "$(rootless state "$ID" | jq -r .status)" running
  run -0 rootless exec "$ID" id -u
  rootless delete --force "$ID"
  run ! rootless state "$ID"
}

@test "an ordinary user without a user namespace is refused in words" {
  config '.linux.namespaces |= map(select(.type != "user")) | del(.linux.uidMappings, .linux.gidMappings)'
  chown "$CAISSON_TEST_USER" config.json
  status=0; rootless create --bundle "$BUNDLE" "$ID" >"$WORK/said" 2>&1 || status=$?
  [ "$status" -ne 0 ]
  matches "$(cat "$WORK/said")" 'user namespace|rootless'
}

@test "an ordinary user gets ranges of ids through newuidmap" {
  need_file /usr/bin/newuidmap
  IFS=: read -r _ first size < <(grep "^$CAISSON_TEST_USER:" /etc/subuid)
  config --argjson f "$first" '.linux.uidMappings += [{containerID: 1, hostID: $f, size: 1000}] | .linux.gidMappings += [{containerID: 1, hostID: $f, size: 1000}]'
  payload 'cat /proc/self/uid_map; chown 500:500 /tmp && stat -c %u /tmp'
  all_capabilities
  chown "$CAISSON_TEST_USER" config.json
  run -0 rootless run --bundle "$BUNDLE" "$ID"
  matches "${lines[1]}" "^ +1 +$first +1000$"
  same "${lines[2]}" 500
}

@test "an ordinary user's default state directory is XDG_RUNTIME_DIR" {
  only_caisson "the name of the directory differs"
  install -d -o "$CAISSON_TEST_USER" -m 0700 "$WORK/xdg"
  payload 'true'
  chown "$CAISSON_TEST_USER" config.json
  as_user env XDG_RUNTIME_DIR="$WORK/xdg" "$WORK/$RUNTIME_NAME" run --bundle "$BUNDLE" "$ID"
  [ -d "$WORK/xdg/caisson" ]
}

@test "an ordinary user's source below the root shows what an earlier mount put there; its ids cannot be mapped" {
  only_caisson "1.1 opens the sources of a user namespace before any mount"
  mkdir "$WORK/one"; echo one >"$WORK/one/file"
  add_mount /mnt bind "$WORK/one" bind
  add_mount /final bind "$BUNDLE/rootfs/mnt" bind
  payload 'cat /final/file'
  run -0 rootless run --bundle "$BUNDLE" "$ID"
  same "$output" one
  config '.mounts[-1].options = ["bind", "idmap"]'
  run ! rootless run --bundle "$BUNDLE" "$ID"
  contains "$output" "on /final: an ordinary user cannot map the ids of a mount"
}
