#!/usr/bin/env bats
# `caisson image pull`: images of a registry on the loopback of a network namespace of this test.
load ../lib/suite
load people

setup() {
  people_setup
  [ -x /usr/bin/skopeo ] || skip "no skopeo"
  PATH=$PATH:/usr/sbin:/sbin
  REGISTRY=
}
teardown() {
  [ -z "$REGISTRY" ] || kill "$REGISTRY"
  people_teardown
}

start_registry() {
  $PYTHON "$BATS_TEST_DIRNAME/image_maker.py" layout "$WORK/app.d" low
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "127.0.0.1:5000"}\nlog: {level: error}\n' "$WORK/registry" >"$WORK/registry.yml"
  unshare --net sh -c 'ip link set lo up; exec docker-registry serve "$1"' - "$WORK/registry.yml" >"$WORK/registry.log" 2>&1 3>&- 4>&- &
  REGISTRY=$!
  wait_for 10 answers
}
answers() { there bash -c 'exec 3<>/dev/tcp/127.0.0.1/5000' 2>/dev/null; }
there() { nsenter --net="/proc/$REGISTRY/ns/net" "$@"; }
image() { person_there "$PROGRAM" image "$@"; }
person_there() {
  local wrapper=(env -i PATH="$PATH" HOME="$HOME_OF")
  [ "$WHO" = root ] || wrapper=(setpriv --reuid "$CAISSON_TEST_USER" --regid "$CAISSON_TEST_USER" --init-groups "${wrapper[@]}")
  there "${wrapper[@]}" CAISSON_STORE="$HOME_OF/store" "$@" 3>&- 4>&-
}

@test "an image of a registry is brought whole and under its name, also by its digest; what fails says why and leaves nothing" {
  start_registry
  REMOTE=127.0.0.1:5000/team/app
  there skopeo --insecure-policy copy --quiet --dest-tls-verify=false "oci:$WORK/app.d:v1" "docker://$REMOTE:1"
  digest=$(there skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REMOTE:1")

  run -125 image pull "$REMOTE:1"
  matches "$output" "pull $REMOTE:1: .*HTTP response to HTTPS client"
  matches "$output" 'hint: this registry has no TLS: --tls-verify=false'
  run -125 image pull --tls-verify=false "$REMOTE:2"
  matches "$output" 'hint: the registry has no such tag'
  run -125 image pull --tls-verify=false "$REMOTE@$digest"
  matches "$output" 'hint: write a tag in front of the digest'
  same "$(find "$HOME_OF/store" -mindepth 2)" ""

  run -0 image pull --no-sync --tls-verify=false "$REMOTE:1"
  matches "$output" "$REMOTE:1: [0-9a-f]{12}, 3 layers, "
  id=$(image inspect "$REMOTE:1" | jq -r .id)
  same "$id" "sha256:$(jq -r '.manifests[0].digest[7:]' "$WORK/app.d/index.json" | xargs -I@ jq -r '.config.digest[7:]' "$WORK/app.d/blobs/sha256/@")"
  same "$(person_there "$PROGRAM" run team/app:1 'echo $COLOUR' </dev/null)" red
  run -0 person_there "$PROGRAM" pull --no-sync --tls-verify=false --name other "$REMOTE:9@$digest"
  matches "$output" "other:latest"
  same "$(image inspect other | jq -r .id)" "$id"
  same "$(find "$HOME_OF/store/tmp" -mindepth 1)" ""
}

@test "an image that is not there is one that can be pulled, and skopeo is asked for by name" {
  run -127 box team/other:1
  matches "$output" 'hint: if an image is meant: caisson image pull team/other:1'
  run -125 person env CAISSON_STORE="$HOME_OF/store" "$PROGRAM" run --image team/other:1 </dev/null # not the machine's, which may have images
  matches "$output" 'caisson image pull NAME'
  run -125 unshare --mount sh -c 'mount --bind /dev/null /usr/bin/skopeo && exec "$@"' - "$PROGRAM" image pull debian:12
  matches "$output" 'install the package skopeo'
}
