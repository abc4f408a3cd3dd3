#!/usr/bin/env bats
# Containers in a file instead of options (caisson-box(5)). The file box_as_user.bats is a link to this one: the same tests as an
# ordinary user.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }

@test "a file says what the command line would say, from its own folder, and the command line says more" {
  person mkdir -p "$HOME_OF/deep/data"
  person touch "$HOME_OF/deep/data/here"
  person tee "$HOME_OF/deep/box.toml" >/dev/null <<'TOML'
rootfs = "../root"     # from the folder of this file
hostname = "boxed"
volume = ["data:/data:ro"]
command = ["sh", "-c", 'echo $A $B $(hostname); ls /data; touch /data/x']
[env]
A = "from file"
TOML
  run -1 c run --file deep/box.toml -e B=besides
  same "${lines[0]}" "from file besides boxed"
  same "${lines[1]}" here
  contains "$output" "Read-only file system"
  run -0 c run -f "$HOME_OF/deep/box.toml" --hostname line -e A=line -- sh -c 'echo $A $(hostname)'
  same "$output" "line line"
  person tee deep/box.json >/dev/null <<'JSON'
{"rootfs": "../root", "env": ["A=1", "A=2"], "command": "echo 'two  words' 3", "init": true}
JSON
  run -0 c run -f deep/box.json
  same "$output" "two  words 3"
  run -0 c run -f deep/box.json --dry-run
  contains "$output" "trampoline: stay as PID 1"
}

@test "a mistake in a file is named with its line and column before anything is made" {
  refused() { # CONTENT MESSAGE
    printf '%b' "$1" | person tee "$HOME_OF/x.toml" >/dev/null
    run -125 c run -f x.toml
    contains "$output" "$2"
  }
  refused 'detach = true\n hosname = "x"' "x.toml:2:2: unknown key \"hosname\""
  contains "$output" "hint: did you mean hostname"
  refused 'init = 1' "x.toml:1:8: init: expected true or false, found a number"
  refused 'init = true\ninit = true' 'x.toml:2:1: "init" is there already'
  refused 'command = ["a"' "x.toml:1:15: expected a comma or ]"
  refused 'command = ["\033[31m]' "x.toml:1:13: a control character"
  refused '"\\u001b[31m" = 1' 'x.toml:1:1: unknown key "\x1b[31m"'
  refused '{"init": true,\n "init": true}' 'x.toml:1:1: expected a name'
  run -125 c run -f nowhere.toml
  contains "$output" "--file: read nowhere.toml: No such file or directory"
  run ! test -e "$STATE"
}

@test "a container is written back as the file that makes it again" {
  printf '%s\n' 'rootfs = "root"' 'detach = true' "name = '$NAME'" 'env = ["A=b c", "HOME"]' 'tty = true' 'hostname = "\u00e9\"x"' \
    'restart = "on-failure:2"' 'volume = [".:/here"]' 'command = ["sleep", "1000"]' | person tee box.toml >/dev/null
  run -0 c run -f box.toml
  c inspect --as-file "$NAME" >one.toml
  contains "$(cat one.toml)" "volume = [\"$HOME_OF:/here\"]"
  contains "$(cat one.toml)" "\"HOME=$HOME_OF\""
  c inspect --as-file --json "$NAME" >one.json
  c rm -f "$NAME"
  for form in toml json; do
    cp "one.$form" "$WORK/again.$form"
    (cd / && run -0 c run -f "$WORK/again.$form")
    c inspect --as-file "$NAME" >two.toml
    same "$(cat two.toml)" "$(cat one.toml)"
    c inspect --as-file --json "$NAME" | cmp - one.json
    c rm -f "$NAME"
  done
  run -0 c run -d --rootfs "$ROOT" --rm -- sleep 1000
  same "$(c inspect --as-file "$output")" "$(printf '%s\n' 'detach = true' "rootfs = \"$ROOT\"" 'net = ["none"]' 'rm = true' 'command = ["sleep", "1000"]')"
  run -125 c inspect --as-file a b
  contains "$output" "a file is about one container"
  contains "$(person "$PROGRAM" __complete -- run -f '')" files
}

@test "services stand in tables of a file" {
  person tee site.toml >/dev/null <<'TOML'
rootfs = "root"
ends-with = "web"
[service.db]
command = "sh -c 'echo $N $PWD; : >/said; sleep 1000'"
env = { N = "x, y]" }
workdir = "/tmp"
[service.web]
command = ["sh", "-c", "echo 'it''s'; until [ -e /said ]; do sleep 0.02; done; exit 3"]
after = ["db"]
restart = "no"
TOML
  run -3 c run -f site.toml
  same "$(sort <<<"$output")" "$(printf '%s\n' 'caisson | web ended with status 3' 'db | x, y] /tmp' 'web | its')"
  refused() { # SED-SCRIPT MESSAGE
    sed "$1" site.toml | person tee x.toml >/dev/null
    run -125 c run -f x.toml
    contains "$output" "$2"
  }
  refused 's/^after.*/after = ["bd"]/' 'after=bd: there is no such service'
  refused 's/^workdir/workdri/' 'x.toml:6:1: --service: "db": unknown key "workdri"'
  contains "$output" "did you mean workdir"
  refused 's/^restart.*/restart = "nope"/' 'x.toml:10:11: --restart: unknown policy "nope"'
  refused 's/^restart.*/restart = true/' 'x.toml:10:11: expected a string, found true or false'
  refused 's/^command = \[.*//' 'x.toml:7:10: --service: "web": there is no command'
  refused 's/service.web/service."w b"/' 'x.toml:7:10: --service: "w b": a name has'
}
