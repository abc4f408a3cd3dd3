#!/usr/bin/env bats
# `caisson image` and `caisson run IMAGE` of an ordinary user: the same files with the owners that the ranges of /etc/subuid allow.
load ../lib/suite
load people

setup() {
  people_setup
  MAKER="$PYTHON $WORK/image_maker.py"
  cp "$BATS_TEST_DIRNAME/image_maker.py" "$WORK/"
  $MAKER layout "$WORK/app.d" low
}
teardown() { people_teardown; }

image() { person "$PROGRAM" image "$@"; }

@test "an ordinary user loads, runs, exports and removes images, with the files that umoci unpacks for root" {
  umoci --log=error unpack --image "$WORK/app.d:v1" "$WORK/unpacked" >/dev/null
  # The ranges give no right to make devices.
  expected=$($MAKER tree "$WORK/unpacked/rootfs" | grep -v '^null ')
  run -0 image load --no-sync "$WORK/app.d"
  matches "$output" 'note: layer 3 of 3: 1 device files were left out'
  matches "$output" 'app:v1: [0-9a-f]{12}, 3 layers, '
  store=$(image inspect app:v1 | jq -r '[.layers[].directory] | reverse | join(":")')
  matches "$store" "^$HOME_OF/.local/share/caisson/layers/"
  same "$(person "$PROGRAM" unshare --user --mount --map-root-user --map-auto -- sh -c "mkdir seen && mount -t overlay test seen -o userxattr,lowerdir=$store && $MAKER tree seen")" \
    "$expected"

  same "$(box app:v1)" $'uid=33(web) gid=34(www) groups=34(www),77(extra)\n/srv/www\nred image'
  same "$(box --user 0 app:v1 'touch /bin/mine /secret/mine && ls /secret')" $'mine\nnew\nold'
  person "$PROGRAM" image export app:v1 - >"$WORK/out.tar"
  same "$(skopeo inspect --config "oci-archive:$WORK/out.tar:app:v1" | jq -c '.config.User')" '"web"'

  person sh -c 'mkdir -p root/bin root/etc && cp /bin/busybox root/bin/sh && chmod 600 root/etc'
  run -0 image import --no-sync root mine
  same "$(box mine sh -c 'echo in')" in
  run -0 image rm app:v1 mine
  same "$(find "$HOME_OF/.local/share/caisson" -mindepth 2)" ""
}

@test "a user with one id has all files as root's, and is told so" {
  chown 54321 "$HOME_OF"
  alone() { setpriv --reuid 54321 --regid 54321 --clear-groups env -i PATH="$PATH" HOME="$HOME_OF" "$PROGRAM" "$@" 3>&- 4>&- </dev/null; }
  run -0 alone image load --no-sync "$WORK/app.d"
  matches "$output" 'note: layer 1 of 3: [0-9]+ files of other users belong to root now: without ranges in /etc/subuid'
  same "$(alone run --user 0 app:v1 'id -u; cat /secret/old')" $'0\nold'
  run -0 alone image prune --all
  same "$(find "$HOME_OF/.local/share/caisson" -mindepth 2)" ""
}
