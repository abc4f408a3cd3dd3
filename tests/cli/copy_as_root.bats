#!/usr/bin/env bats
# caisson cp and diff. The file copy_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }
p() { person sh -c "$1"; }  # a shell of the person's
inside() { c exec "$NAME" sh -c "$1"; }
up() { c run -d --name "$NAME" --rootfs "$ROOT" -- sh -c 'while :; do sleep 0.05; done'; }

@test "cp: files and directories in and out by the rules of docker cp" {
  run -0 up
  p 'mkdir -p src/sub; echo one >src/one; echo two >src/sub/two; ln -s one src/link; chmod 4750 src/one; touch -d @1000000000 src/sub/two'
  # In: a file to a new name, over a file, into a directory; not to a directory that is not there, nor over one.
  inside 'mkdir /in /in/sub2; echo old >/in/old; ln -s old /in/to-old'
  c cp src/one "$NAME:/in/new"
  c cp src/one "$NAME:/in/to-old"
  c cp src/one "$NAME:in"
  same "$(inside 'cat /in/new /in/old /in/one; readlink /in/to-old; stat -c "%u:%g %a" /in/one')" \
    one$'\n'one$'\n'one$'\n'old$'\n'"0:0 750"
  run -125 c cp src/one "$NAME:/in/none/"
  contains "$output" "no such directory"
  run -125 c cp src/one "$NAME:/none/none"
  contains "$output" "No such file"
  run -125 c cp src "$NAME:/in/old"
  contains "$output" "is a file"
  run -125 c cp src/sub/two "$NAME:/in/two/."
  p 'mkdir -p clash/one; mkdir src2; echo f >src2/sub2'
  run -125 c cp clash/. "$NAME:/in"
  contains "$output" "a file of that name is there"
  run -125 c cp src2/. "$NAME:/in"
  contains "$output" "a directory of that name is there"
  # A directory: to a new name, into one that is there, its contents.
  c cp src "$NAME:/d1"
  c cp src "$NAME:/in"
  c cp src/. "$NAME:/d1/sub"
  same "$(inside 'cd /; find d1 in/src | sort; stat -c %Y /d1/sub/sub/two; readlink /d1/link')" \
    "$(printf '%s\n' d1 d1/link d1/one d1/sub d1/sub/link d1/sub/one d1/sub/sub d1/sub/sub/two d1/sub/two in/src in/src/link in/src/one \
      in/src/sub in/src/sub/two 1000000000 one)"
  # Out: the same, by the same rules.
  c cp "$NAME:/d1" out
  p 'mkdir there'
  c cp "$NAME:/d1/." there
  c cp "$NAME:/d1/link" there/link2
  c cp -L "$NAME:/d1/link" there/link3
  same "$(find out there | sort)" "$(p 'cd '"$HOME_OF"'; printf "%s\n" out out/link out/one out/sub out/sub/link out/sub/one out/sub/sub \
    out/sub/sub/two out/sub/two there there/link there/link2 there/link3 there/one there/sub there/sub/link there/sub/one there/sub/sub \
    there/sub/sub/two there/sub/two')"
  same "$(readlink there/link2) $(cat there/link3) $(stat -c '%U %a %Y' there/sub/two)" \
    "one one $(stat -c %U src/one) $(stat -c %a src/sub/two) 1000000000"
  run -125 c cp "$NAME:/none" out
  run -125 c cp "$NAME:/d1" src/one
  run -125 c cp src/one there/one
  contains "$output" "CONTAINER:PATH"
  run -125 c cp "$NAME:/d1" "$NAME:/d2"
  run -125 c cp none:/a b
  contains "$output" "no such container"
}

@test "cp: archives by standard input and output, owners, and what is no file" {
  run -0 up
  inside 'mkdir -p /a/b; echo x >/a/b/x; mkfifo /a/fifo; ln /a/b/x /a/y; printf "%2000000s" z >/a/big; chown -R 3:4 /a/b'
  same "$(person "$PROGRAM" --root "$STATE" cp "$NAME:/a" - | tar tf - | sort)" "$(printf '%s\n' a/ a/b/ a/b/x a/big a/fifo a/y)"
  person "$PROGRAM" --root "$STATE" cp "$NAME:/a/." - >a.tar
  same "$(tar --numeric-owner -tvf a.tar ./b/x ./y | awk '{print $1, $2}')" "-rw-r--r-- 3/4"$'\n'"hrw-r--r-- 3/4"
  inside 'mkdir /t'
  person "$PROGRAM" --root "$STATE" cp - "$NAME:/t" <a.tar
  same "$(inside 'stat -c "%u:%g %h" /t/b/x; cmp /a/big /t/big; test -p /t/fifo; cat /t/y')" "3:4 2"$'\n'x
  truncate -s 3000000 holes
  tar --sparse -cf holes.tar holes
  person "$PROGRAM" --root "$STATE" cp - "$NAME:/t" <holes.tar
  same "$(inside 'stat -c "%s %b" /t/holes')" "3000000 0"
  # Holes stay on the way in and out; other programs get an archive without them.
  c cp holes "$NAME:/t/holes2"
  same "$(inside 'stat -c "%s %b" /t/holes2')" "3000000 0"
  c cp "$NAME:/t/holes2" holes3
  same "$(stat -c "%s %b" holes3)" "3000000 0"
  same "$(person "$PROGRAM" --root "$STATE" cp "$NAME:/t/holes2" - | tar --to-stdout -x holes2 | cmp - holes && echo zeros)" zeros
  run -125 person "$PROGRAM" --root "$STATE" cp - "$NAME:/t/none" <a.tar
  run -125 person "$PROGRAM" --root "$STATE" cp - "$NAME:/t" <"$PROGRAM"
  # What the kernel makes up has no content; a device is no file to copy.
  c cp "$NAME:/a" copied
  same "$(stat -c %F copied/fifo) $(stat -c %h copied/y)" "fifo 2"
  run -0 c cp "$NAME:/proc" proc
  same "$(find proc)" proc
  run -0 c cp "$NAME:/dev" dev
  contains "$output" "left out"
  same "$(find dev -type c -o -type b)" ""
  if [ "$WHO" = root ]; then
    c cp -a "$NAME:/a/b" kept
    same "$(stat -c %u:%g kept/x)" 3:4
    c cp -a kept "$NAME:/t/kept"
    same "$(inside 'stat -c %u:%g /t/kept/x')" 3:4
  else
    run -125 c cp -a "$NAME:/a/b" kept
    contains "$output" "without --archive"
  fi
  # Of one that has ended the directory of --rootfs is left.
  c stop -t 0 "$NAME"
  [ "$WHO" = user ] || { c cp "$NAME:/a/y" y; same "$(cat y)" x; }
}

@test "cp: no link of a container leads out of it" {
  run -0 up
  p 'mkdir secret; echo outside >secret/file; echo new >new; mkdir -p tree/evil; echo t >tree/evil/file'
  inside "ln -s $HOME_OF/secret /evil; ln -s ../../../../../../../../..$HOME_OF/secret /evil2; ln -s $HOME_OF/secret/file /evil3; ln -s /proc/self/root/$HOME_OF/secret /evil4; mkdir -p /tree; ln -s $HOME_OF/secret /tree/evil"
  for evil in evil/file evil2/file evil4/file; do
    run -125 c cp "$NAME:/$evil" stolen
    run -125 c cp new "$NAME:/$evil"
  done
  run -125 c cp -L "$NAME:/evil3" stolen
  [ ! -e stolen ]
  run -125 c cp tree/. "$NAME:/tree"
  c cp new "$NAME:/evil3"
  same "$(inside 'cat /evil3')" new
  # A link that it swaps in all the time.
  inside 'mkdir /race; (while :; do mkdir /race/d; rmdir /race/d; ln -s '"$HOME_OF"'/secret /race/d; rm /race/d; done) >/dev/null 2>&1 &'
  p 'mkdir -p r/race/d; echo bad >r/race/d/file'
  for _ in $(seq 8); do
    c cp r/race "$NAME:/" >/dev/null 2>&1 || true
    c cp "$NAME:/race/d/file" stolen >/dev/null 2>&1 || true
    [ ! -e stolen ] || same "$(cat stolen)" bad
    rm -rf stolen
  done
  same "$(cat secret/file)" outside
  same "$(ls secret)" file
  # And an archive that leads out.
  "$PYTHON" - evil.tar <<'EOP'
import io, sys, tarfile
with tarfile.open(sys.argv[1], "w") as out:
    for name, kind, link in (("../up", b"0", ""), ):
        member = tarfile.TarInfo(name); member.type = kind; member.linkname = link
        out.addfile(member, io.BytesIO(b""))
EOP
  run -125 person "$PROGRAM" --root "$STATE" cp - "$NAME:/tmp" <evil.tar
  contains "$output" '".."'
}

@test "diff: what was added, changed and deleted in the view of the machine's root" {
  # The mount points and the working directory that are missing are not what the container has changed.
  run -0 c run -d --name "$NAME" -v "$HOME_OF:/vol/deep" -v "$HOME_OF:/only/vol" --tmpfs /fresh -w /at/dir -- sh -c 'touch /vol/beside; mkdir /new-dir && touch /new-dir/f /tmp/t && chmod 700 /usr/share/doc; rm -r /etc/skel; mkdir /etc/skel; touch /done; while :; do sleep 0.05; done'
  wait_for 5 sh -c "'$PROGRAM' --root '$STATE' exec '$NAME' test -e /done || [ '$WHO' = user ]"
  if [ "$WHO" = root ]; then
    same "$(c diff "$NAME")" "A /done
D /etc/skel
A /etc/skel
A /new-dir
A /new-dir/f
C /tmp
A /tmp/t
C /usr/share
C /usr/share/doc
A /vol
A /vol/beside"
  else  # what root owns cannot be changed there
    wait_for 5 sh -c "setpriv --reuid $CAISSON_TEST_USER --regid $CAISSON_TEST_USER --init-groups '$PROGRAM' --root '$STATE' exec '$NAME' test -e /done"
    same "$(c diff "$NAME")" "A /done
A /new-dir
A /new-dir/f
C /tmp
A /tmp/t
A /vol
A /vol/beside"
  fi
  before=$(c diff "$NAME")
  c stop -t 0 "$NAME"
  same "$(c diff "$NAME")" "$before"
  run -0 c run -d --name "$ID-r" --rootfs "$ROOT" -- sleep 1000
  run -125 c diff "$ID-r"
  contains "$output" "its own root"
}
