#!/usr/bin/env bats
# `caisson image` and `caisson run IMAGE`: every format in, the same files as umoci unpacks, nothing of a bad image kept.
load ../lib/suite
load people

setup() {
  people_setup
  export CAISSON_STORE=$WORK/store
  MAKER="$PYTHON $BATS_TEST_DIRNAME/image_maker.py"
  MADE=$BATS_FILE_TMPDIR
}
teardown() { people_teardown; }

setup_file() {
  local maker="/usr/bin/python3 $BATS_TEST_DIRNAME/image_maker.py" made=$BATS_FILE_TMPDIR
  $maker layout "$made/app.d"
  $maker layout "$made/mixed.d" mixed
  tar -C "$made/app.d" -cf "$made/app.tar" .
  umoci --log=error unpack --image "$made/app.d:v1" "$made/unpacked" >/dev/null
  $maker tree "$made/unpacked/rootfs" >"$made/tree"
}

# image ARGS...: without waiting for the disk, which other tests keep busy.
image() {
  local store=$CAISSON_STORE words=("$@")
  case $1 in load | import) words+=(--no-sync) ;; esac
  env -i PATH="$PATH" HOME="$HOME_OF" CAISSON_STORE="$store" "$PROGRAM" image "${words[@]}" 3>&- 4>&-
}
box() { env -i PATH="$PATH" HOME="$HOME_OF" CAISSON_STORE="$CAISSON_STORE" CAISSON_NET=none "$PROGRAM" run "$@" </dev/null 3>&- 4>&-; }

# tree_of IMAGE: all files as a container sees them.
tree_of() {
  local layers
  layers=$(image inspect "$1" | jq -r '[.layers[].directory] | reverse | join(":")')
  mkdir -p "$WORK/seen"
  case $layers in
    *:*) mount -t overlay test "$WORK/seen" -o "userxattr,lowerdir=$layers" ;;
    *) mount --bind "$layers" "$WORK/seen" ;;
  esac
  $MAKER tree "$WORK/seen"
  umount "$WORK/seen"
}

# nothing_kept: the store has no layer, image, name, or work in progress.
nothing_kept() { same "$(find "$CAISSON_STORE" -mindepth 2)" ""; }

@test "an image has the files that umoci unpacks, from a layout, an OCI archive and docker save, compressed in every way" {
  run -0 image load "$MADE/app.d"
  matches "$output" '^app:v1: [0-9a-f]{12}, 3 layers, '
  id=$(image inspect app:v1 | jq -r .id)
  same "$(tree_of app:v1)" "$(cat "$MADE/tree")"

  run -0 image load --name from-pipe - < <(gzip -1 <"$MADE/app.tar")
  same "$(image inspect from-pipe | jq -r .id)" "$id"
  skopeo --insecure-policy copy --quiet "oci:$MADE/app.d:v1" "docker-archive:$WORK/docker.tar:example.org/team/app:2"
  run -0 image load "$WORK/docker.tar"
  same "$(image inspect team/app:2 | jq -r .id)" "$id"
  same "$(find "$CAISSON_STORE/layers" -mindepth 1 -maxdepth 1 | wc -l)" 3

  # Nothing is there yet in this one: two gzip members with zeros behind, zstd, xz.
  CAISSON_STORE=$WORK/mixed
  run -0 image load "$MADE/mixed.d"
  same "$(image inspect mixed:v1 | jq -r .id)" "$id"
  same "$(tree_of mixed:v1)" "$(cat "$MADE/tree")"
}

@test "roots in tar files and directories become images, and an exported image is one for skopeo, umoci and load" {
  root=$MADE/unpacked/rootfs
  tar -C "$root" --xattrs --xattrs-include='user.*' --numeric-owner -cf - . | xz -0 >"$WORK/Base.tar.xz"
  run -0 image load "$WORK/Base.tar.xz"
  matches "$output" '^base:latest: '
  same "$(tree_of base)" "$(grep -v 'a socket' "$MADE/tree")"
  # libarchive, which has no whiteouts to undo here.
  mkdir "$WORK/by-libarchive"
  bsdtar -C "$WORK/by-libarchive" -xpf "$WORK/Base.tar.xz" --numeric-owner --xattrs
  same "$(tree_of base)" "$($MAKER tree "$WORK/by-libarchive")"
  run -0 image import "$root" mine:1
  same "$(tree_of mine:1)" "$(cat "$MADE/tree")"

  run -0 image load "$MADE/app.d"
  run -0 image export app:v1 "$WORK/out.tar"
  same "$(skopeo inspect --config "oci-archive:$WORK/out.tar:app:v1" | jq -c '[.config.Labels.kept, .config.User, (.rootfs.diff_ids | length)]')" \
    '["yes","web",3]'
  mkdir "$WORK/out.d"
  tar -C "$WORK/out.d" -xf "$WORK/out.tar"
  sed -i 's/"app:v1"/"v1"/' "$WORK/out.d/index.json"
  umoci --log=error unpack --image "$WORK/out.d:v1" "$WORK/again" >/dev/null
  same "$($MAKER tree "$WORK/again/rootfs")" "$(cat "$MADE/tree")"
  run -0 image load --name again "$WORK/out.tar"
  same "$(tree_of again)" "$(cat "$MADE/tree")"
  same "$(image export app:v1 - | sha256sum)" "$(sha256sum <"$WORK/out.tar")"
  run -125 image export app:v1 "$WORK/no/such/dir"
  run -125 image export nothing "$WORK/other.tar"
  [ ! -e "$WORK/other.tar" ]
}

@test "an image says what runs in it, and who calls says otherwise" {
  image load "$MADE/app.d"
  run -0 box app:v1
  same "${lines[0]}" "uid=33(web) gid=34(www) groups=34(www),77(extra)"
  same "${lines[1]}" /srv/www
  same "${lines[2]}" "red image"
  run -0 box -e OWN=user -u root -w /tmp app:v1 'id -u; pwd; echo $COLOUR $OWN'
  same "$output" $'0\n/tmp\nred user'
  run -0 box --entrypoint /bin/ls --image app:v1 -- -d /etc
  same "$output" /etc
  run -0 box --entrypoint '' app:v1 cat /replaced/inside
  same "$output" y
  run -125 box --entrypoint '' app:v1
  contains "$output" "names no program"
  # Behind "--" stands a command of this machine, and so does what is no image.
  run -127 box -- app:v1
  run -0 box cat /etc/hostname
  run -125 box --image nothing true
  contains "$output" "app:v1"
  run -125 box --uidmap 0:100000:65536 app:v1
  contains "$output" --uidmap
  run -0 box --dry-run app:v1
  contains "$output" "layers of an image"
}

@test "a container's changes go with it, and its image stays for as long as it runs" {
  image load "$MADE/app.d"
  remember_host
  run -0 box -u 0 --share user app:v1 'touch /made; /bin/busybox rm -r /opaque; /bin/busybox mkdir /opaque; ls /opaque; echo $?'
  same "$output" 0
  run -0 box -u 0 app:v1 'echo /ma?e /opaque/ne?'
  same "$output" '/ma?e /opaque/new'
  same "$(tree_of app:v1)" "$(cat "$MADE/tree")"
  no_residue

  mkfifo "$WORK/ready"
  in_background env CAISSON_STORE="$CAISSON_STORE" CAISSON_NET=none "$PROGRAM" run -u 0 -v "$WORK:/mnt" app:v1 'echo up >/mnt/ready; sleep 60'
  read -r _ <"$WORK/ready"
  run -125 image rm app:v1
  contains "$output" "used by a running container"
  run -0 image prune --all
  kill -KILL "$RUNNER"
  wait "$RUNNER" || true
  gone=no
  for _ in $(seq 100); do
    ! image rm app:v1 >/dev/null 2>&1 || { gone=yes; break; }
    sleep 0.05
  done
  same "$gone" yes
  nothing_kept
}

@test "what is damaged or leads out of an image is refused, and nothing of it is kept" {
  mkdir "$WORK/bad"
  $MAKER damaged "$MADE/app.d" "$WORK/bad"
  $MAKER hostile "$WORK/bad"
  head -c 700000 "$MADE/app.tar" >"$WORK/bad/short.tar"
  gzip -c "$MADE/app.tar" | head -c 500000 >"$WORK/bad/short.tar.gz"
  printf 'BZh91AY&SY' >"$WORK/bad/bzip2.tar"
  echo text >"$WORK/bad/text"
  mv "$WORK/bad/inside.tar" "$WORK/"
  for file in "$WORK"/bad/*; do
    run -125 image load "$file"
    nothing_kept
  done
  run -125 image load "$WORK/bad/layer-changed"
  contains "$output" "sha256"
  run -125 image load "$WORK/bad/digest-path"
  contains "$output" "hexadecimal"
  run -125 image load "$WORK/bad/device-0-0.tar"
  contains "$output" "0:0"
  run -125 image load --platform linux/s390x "$MADE/app.d"
  contains "$output" "linux/s390x"
  run -125 image load --name 'No Name' "$MADE/app.d"
  nothing_kept

  run -0 image load "$WORK/inside.tar"
  contains "$output" "left out"
  layer=$(image inspect inside | jq -r '.layers[0].directory')
  same "$(cd "$layer/escaped" && ls)" $'one\nthree\ntwo'
  [ ! -e /escaped ]
  same "$("$PYTHON" -c 'import os, sys; print(os.listxattr(sys.argv[1]))' "$layer/etc/x")" "['user.kept']"
}

@test "a Debian root has the files that umoci unpacks" {
  need_images
  # What umoci makes of it is kept beside the image: it takes longer than everything else here.
  layout=$(image_cache)/debian.oci
  expected=$(image_cache)/debian.$(cat "$layout/index.json" "$BATS_TEST_DIRNAME/image_maker.py" | sha256sum | cut -c1-16).tree
  if [ ! -s "$expected" ]; then
    umoci --log=error unpack --image "$layout:latest" "$WORK/debian" >/dev/null
    $MAKER tree "$WORK/debian/rootfs" >"$expected.$$"
    mv "$expected.$$" "$expected"
  fi
  run -0 image load --name debian "$layout"
  tree_of debian >"$WORK/seen-tree"
  [ "$(wc -l <"$expected")" -gt 5000 ]
  diff "$expected" "$WORK/seen-tree" | head -n 20
  cmp "$expected" "$WORK/seen-tree"
}

@test "an image that umoci has made of layers upon layers has the files that umoci unpacks" {
  layout=$WORK/made.d
  label() { "$PYTHON" -c 'import os, sys; os.setxattr(sys.argv[3], sys.argv[1], sys.argv[2].encode())' "$@"; }
  add() { umoci --log=error "$@" >/dev/null; }
  busybox_root "$WORK/base"
  mkdir -p "$WORK/base/"{gone/deep,opaque/old,kept}
  echo x | tee "$WORK/base/"{gone/deep/file,opaque/old/file,kept/file} >/dev/null
  ln "$WORK/base/kept/file" "$WORK/base/kept/same"
  label user.colour red "$WORK/base/kept/file"
  label user.kind dir "$WORK/base/kept"
  mkdir -p "$WORK/upper/new"
  echo y | tee "$WORK/upper/one" "$WORK/upper/new/file" >/dev/null
  ln "$WORK/upper/one" "$WORK/upper/new/two"
  chmod 4711 "$WORK/upper/one"
  chown 12:34 "$WORK/upper/new"
  label user.colour blue "$WORK/upper/new/file"
  add init --layout "$layout"
  add new --image "$layout:v1"
  add insert --image "$layout:v1" "$WORK/base" /
  add insert --image "$layout:v1" --whiteout /gone
  add insert --image "$layout:v1" --opaque "$WORK/upper" /opaque
  add insert --image "$layout:v1" "$WORK/upper" /gone
  add unpack --image "$layout:v1" "$WORK/unpacked"
  run -0 image load "$layout"
  matches "$output" '^made:v1: [0-9a-f]{12}, [456] layers, '
  tree_of made:v1 >"$WORK/seen-tree"
  [ "$(grep -c ' user.colour=' "$WORK/seen-tree")" = 4 ]
  diff <($MAKER tree "$WORK/unpacked/rootfs") "$WORK/seen-tree"
}

@test "sparse files in an archive are unpacked with their holes, in each of the forms that GNU tar writes" {
  mkdir -p "$WORK/root/etc"
  "$PYTHON" - "$WORK/root/etc" <<'END'
import os, sys
for name, whole, pieces in (("begin", 3 << 20, [0]), ("end", 3 << 20, [(3 << 20) - 4096]), ("hole", 5 << 20, []), ("many", 4 << 20, range(8192, 4 << 20, 65536))):
    with open(os.path.join(sys.argv[1], name), "wb") as file:
        for at in pieces:
            file.seek(at)
            file.write(name.encode() * 500)
        file.truncate(max(whole, file.tell()))
END
  for form in gnu 0.0 0.1 1.0; do
    case $form in gnu) words=(--format=gnu) ;; *) words=(--format=posix "--sparse-version=$form") ;; esac
    tar -C "$WORK/root" --sparse "${words[@]}" -cf "$WORK/sparse.tar" .
    [ "$(stat -c %s "$WORK/sparse.tar")" -lt 600000 ]
    mkdir "$WORK/by-tar"
    tar -C "$WORK/by-tar" --numeric-owner -xpf "$WORK/sparse.tar"
    run -0 image load --name sparse "$WORK/sparse.tar"
    layer=$(image inspect sparse | jq -r '.layers[0].directory')
    same "$($MAKER tree "$layer")" "$($MAKER tree "$WORK/by-tar")"
    same "$(cd "$layer/etc" && stat -c '%n %s %b' *)" "$(cd "$WORK/by-tar/etc" && stat -c '%n %s %b' *)"
    rm -r "$WORK/by-tar"
  done
}

@test "on a terminal one line shows how far a load is, as wide as there is room, and is gone at its end" {
  gzip -1 <"$MADE/app.tar" >"$WORK/app.tar.gz"
  watched() { env -i PATH="$PATH" CAISSON_STORE="$CAISSON_STORE" "$WORK/pty_session.py" --size "$1" -- "$PROGRAM" image load --no-sync "$2" 2>/dev/null | tr '\r' '\n'; }
  watched 24x60 "$WORK/app.tar.gz" >"$WORK/shown"
  matches "$(grep -m 1 '^reading' "$WORK/shown")" '^reading \[#* *\] +[0-9]+ %  +[0-9.]+ [kM]?B of [0-9.]+ [kM]B$'
  matches "$(grep '^unpacking' "$WORK/shown" | tail -n 1)" '^unpacking \[#+\] 100 %'
  same "$(awk 'length($0) > 59' "$WORK/shown")" ""
  matches "$(grep -v '^$' "$WORK/shown" | tail -n 1)" '^app:v1: [0-9a-f]{12}, 3 layers, '
  same "$(grep -v '^$' "$WORK/shown" | tail -n 2 | head -n 1 | tr -d ' ')" ""
  image rm app:v1
  watched 24x28 "$MADE/mixed.d" >"$WORK/shown"
  matches "$(grep '^unpacking' "$WORK/shown" | tail -n 1)" '^unpacking 100 % '
  same "$(grep '^unpacking' "$WORK/shown" | awk 'length($0) > 27')" ""
}

@test "what a killed load left goes with the next one" {
  mkfifo "$WORK/slow"
  env -i CAISSON_STORE="$CAISSON_STORE" "$PROGRAM" image load - <"$WORK/slow" 3>&- 4>&- &
  loader=$!
  exec 7>"$WORK/slow"
  head -c 900000 "$MADE/app.tar" >&7
  for _ in $(seq 200); do
    [ -z "$(ls "$CAISSON_STORE/tmp" 2>/dev/null)" ] || break
    sleep 0.02
  done
  [ -n "$(ls "$CAISSON_STORE/tmp")" ]
  # Another load at the same time leaves it alone.
  run -0 image load "$MADE/app.d"
  [ -n "$(ls "$CAISSON_STORE/tmp")" ]
  kill -KILL $loader
  wait $loader || true
  exec 7>&-
  run -0 image load --name second "$MADE/app.d"
  same "$(ls "$CAISSON_STORE/tmp" "$CAISSON_STORE/trash")" "$(printf '%s:\n\n%s:' "$CAISSON_STORE/tmp" "$CAISSON_STORE/trash")"
  same "$(tree_of second)" "$(cat "$MADE/tree")"
}

@test "images are listed, named, found by short names and ids, and removed with their layers" {
  run -0 image ls
  same "${lines[0]}" "NAME   ID   CREATED   LAYERS   SIZE"
  run -125 image rm nothing
  contains "$output" "caisson image load"
  image load --name docker.io/library/app:1 "$MADE/app.d"
  image load --name other "$MADE/app.d"
  run -0 image ls --no-headings
  matches "${lines[0]}" '^docker.io/library/app:1 .* 2020-01-02 03:04 +3 +'
  matches "${lines[1]}" '^other:latest '
  id=$(image ls --json | jq -r '.[0].id')
  same "$(image inspect app:1 | jq -c '[.id, .config.workdir, .config.stopSignal, .names]')" \
    "[\"$id\",\"/srv/www\",\"SIGINT\",[\"docker.io/library/app:1\",\"other:latest\"]]"
  same "$(image inspect "${id:7:12}" | jq -r .id)" "$id"
  run -0 image rm app:1
  contains "$output" "has others"
  run -125 image rm other nothing
  run -0 image ls --no-headings
  matches "$output" '^other:latest '
  image import "$MADE/app.d/blobs" other
  run -0 image ls --no-headings
  matches "${lines[1]}" '^- '
  run -0 image prune
  contains "$output" "removed ${id:7:12}"
  run -0 image rm other
  nothing_kept
}

@test "a hard link into a layer below becomes a copy; an image for which there is no room is refused before anything is made" {
  $MAKER linked "$WORK/linked.d"
  run -0 image load "$WORK/linked.d"
  tree_of linked:v1 >"$WORK/seen-tree"
  for name in one two three; do
    matches "$(grep "^$name " "$WORK/seen-tree")" "^$name -rwsr-x--- 3 4 [12] [a-z]+ 1600000000000000000 [0-9a-f]{64} user.colour="
  done
  same "$(awk '$1 == "two" || $1 == "three" { print $6 }' "$WORK/seen-tree" | uniq | wc -l)" 1

  mkdir "$WORK/small"
  run -125 unshare --mount sh -c 'mount -t tmpfs -o size=300k none "$1/small" && exec "$2" image load --store "$1/small/store" "$3"' - "$WORK" "$PROGRAM" "$WORK/linked.d"
  matches "$output" 'the image needs more than 1 MB, and there is room for 0 MB in '
  matches "$output" 'hint: caisson image prune'
}

# stacked FILE [damaged]: docker save of six layers. The upper ones say nothing of the directory they write to, and link to the
# large file of the lowest one, which is whole last of all.
stacked() {
  /usr/bin/python3 - "$@" <<'PY'
import hashlib, io, json, os, sys, tarfile
def layer(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, kind, content in members:
            one = tarfile.TarInfo(name)
            one.type, one.mtime = kind, 1600000000
            one.mode = 0o711 if kind == tarfile.DIRTYPE else 0o644
            if kind == tarfile.DIRTYPE: one.uid, one.gid = 5, 6
            if kind == tarfile.LNKTYPE: one.linkname = content
            if kind == tarfile.REGTYPE: one.size = len(content)
            tar.addfile(one, io.BytesIO(content) if kind == tarfile.REGTYPE else None)
    return out.getvalue()
layers = [layer([("d", tarfile.DIRTYPE, None), ("d/large", tarfile.REGTYPE, os.urandom(1 << 22) * 2)])]
for i in range(2, 7):
    layers.append(layer([(f"d/file{i}", tarfile.REGTYPE, b"text of %d" % i), (f"d/link{i}", tarfile.LNKTYPE, "d/large")]))
ids = ["sha256:" + hashlib.sha256(one).hexdigest() for one in layers]
if len(sys.argv) > 2: layers[3] = layers[3].replace(b"text of 4", b"text of X")
config = json.dumps({"os": "linux", "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine],
                     "rootfs": {"type": "layers", "diff_ids": ids}}).encode()
with tarfile.open(sys.argv[1], "w") as tar:
    def put(name, content):
        one = tarfile.TarInfo(name); one.size = len(content); tar.addfile(one, io.BytesIO(content))
    put("c.json", config)
    for i, one in enumerate(layers): put(f"{i}/layer.tar", one)
    put("manifest.json", json.dumps([{"Config": "c.json", "RepoTags": ["stacked:v1"],
                                      "Layers": [f"{i}/layer.tar" for i in range(6)]}]).encode())
PY
}

@test "layers are filled side by side, and wait for those below only where they must" {
  stacked "$WORK/bad.tar" damaged
  run -125 image load "$WORK/bad.tar"
  contains "$output" "layer 4 of 6: "
  contains "$output" "is not what the image says"
  nothing_kept
  stacked "$WORK/stacked.tar"
  run -0 image load "$WORK/stacked.tar"
  tree_of stacked:v1 >"$WORK/seen-tree"
  matches "$(grep '^d ' "$WORK/seen-tree")" '^d drwx--x--x 5 6'
  same "$(grep -c '^d/file[2-6] ' "$WORK/seen-tree")" 5
  same "$(awk '$1 ~ /^d\/(large|link[2-6])$/ { print $8 }' "$WORK/seen-tree" | uniq -c | awk '{ print $1 }')" 6
  # Once more: all of them are known, also those that depend on others.
  rm -rf "$CAISSON_STORE/images" "$CAISSON_STORE/tags"
  run -0 image load "$WORK/stacked.tar"
  contains "$output" "6 layers"
}
