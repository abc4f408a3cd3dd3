#!/usr/bin/env bats
# `caisson commit`. The file commit_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people
load containers

setup() {
  images_setup
  $MAKER layout "$WORK/app.d" low
}
teardown() { containers_teardown; }

config() { c image export "$1" - >"$WORK/out.tar" && skopeo inspect --config "oci-archive:$WORK/out.tar:$1"; }
# What the image's root is, file by file, from outside.
files() {
  local layers kinds=(--mount)
  [ "$WHO" = root ] || kinds=(--user --mount --map-root-user --map-auto)
  layers=$(c image inspect "$1" | jq -r '[.layers[].directory] | reverse | join(":")')
  person "$PROGRAM" unshare "${kinds[@]}" -- sh -c "mkdir -p seen && mount -t overlay test seen -o userxattr,lowerdir=$layers && $MAKER tree seen"
}

@test "what a container has written becomes a layer on its image, and the options its configuration" {
  run -0 c image load --no-sync "$WORK/app.d"
  run -0 c run -d --name work --user 0 -v "$HOME_OF:/vol/deep" app:v1 'rm /bin/touch /secret/old; rm -r /opaque; mkdir /opaque; echo page >/opaque/page
    chown 33:34 /opaque/page; ln /opaque/page /linked; echo more >>/linked-1; : >/vol/beside; : >/ready; while sleep 0.1; do :; done'
  until c exec work ls /ready >/dev/null 2>&1; do sleep 0.1; done
  run -0 c commit --no-sync --cmd "cat '/opaque/page'" --entrypoint /bin/env -e A=b -e PATH=/bin -l who=me -u 33 -w /opaque -m 'with a page' -a somebody work work:2
  matches "$output" 'work:2: [0-9a-f]{12}, 4 layers, '
  run -0 c exec work ls /ready
  c rm -f work

  run -0 c run work:2
  same "$output" page
  same "$(config work:2 | jq -c '[.config.Cmd, .config.Entrypoint, (.config.Env | sort), .config.Labels.who, .config.User, .config.WorkingDir, .author]')" \
    '[["cat","/opaque/page"],["/bin/env"],["A=b","COLOUR=red","OWN=image","PATH=/bin"],"me","33","/opaque","somebody"]'
  same "$(config work:2 | jq -c '.history[-1] | [.created_by, .comment]')" '["caisson commit","with a page"]'
  # What the options do not name stays.
  same "$(config work:2 | jq -c '[.architecture, .config.StopSignal]')" "$(config app:v1 | jq -c '[.architecture, .config.StopSignal]')"
  files work:2 >two
  matches "$(cat two)" $'\nopaque d.* 0 0 '
  matches "$(grep '^linked ' two)" '-rw-r--r-- 33 34 '
  same "$(grep -E '^(bin/touch|secret/old|opaque/new) ' two)" ""
  same "$(grep -cE '^(opaque/page|secret/new|linked-1) ' two)" 3
  # Of what was made for the container only that which it has used: no working directory, no mount point.
  same "$(grep -E '^(srv|vol)' two | cut -d' ' -f1)" $'vol\nvol/beside'
  files app:v1 >one
  same "$(grep '^capable ' two)" "$(grep '^capable ' one)"
}

@test "one that has ended is there to be looked at, started again and committed" {
  run -0 c image load --no-sync "$WORK/app.d"
  run -0 c run -d --name work --user 0 --entrypoint /bin/sh app:v1 -c 'echo run >>/made; chown 33:34 /made; rm -f /bin/touch; cat /made; [ ! -e /put ] || cat /put'
  c wait work
  same "$(c diff work)" $'C /bin\nD /bin/touch\nA /made'
  echo put >put
  c cp put work:/put
  truncate -s 64M holes
  c cp holes work:/holes
  same "$(c start -a work)" run$'\n'run$'\n'put
  run -125 c image rm app:v1
  contains "$output" "what container work has written lies above it"
  c image prune --all
  c cp -a work:/made - >made.tar
  same "$(tar --numeric-owner -tvf made.tar | awk '{print $2, $6}')" "33/34 made"
  run -0 c commit --no-sync work work:2
  same "$(stat -c '%s %b' "$(c image inspect work:2 | jq -r '.layers[-1].directory')/holes")" "67108864 0"
  same "$(c run --entrypoint /bin/sh work:2 -c 'cat /made /put; ls /bin/touch' 2>/dev/null)" run$'\n'run$'\n'put
  # With --rm it is in memory, and gone.
  run -0 c run -d --rm --name brief --user 0 --entrypoint /bin/sh app:v1 -c ': >/made; while sleep 0.1; do :; done'
  until c exec brief ls /made >/dev/null 2>&1; do sleep 0.1; done
  same "$(c diff brief)" "A /made"
  same "$(find "$STATE" -name layer | wc -l)" 1
  c rm -f work brief
  same "$(find "$STATE" -mindepth 1 ! -name .containers ! -name .lock)" ""
}

@test "a container without an image, and wrong words are refused" {
  run -0 c image load --no-sync "$WORK/app.d"
  small_root root
  run -0 c run -d --name bare --rootfs root -- sleep 1000
  run -125 c commit bare mine
  contains "$output" "container bare is not made of an image"
  run -125 c commit bare 'Not A Name'
  run -125 c commit --env =x bare mine
  contains "$output" "is no NAME=VALUE"
  run -125 c commit --cmd "'" bare mine
  run -125 c commit --workdir here bare mine
  contains "$output" "must be absolute"
  same "$(c image ls --no-headings | wc -l)" 1
}
