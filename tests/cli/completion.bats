#!/usr/bin/env bats
# The completion of bash, zsh and fish, by the shells themselves: words from the tables of options, and live names.
load ../lib/suite
load people

setup() {
  people_setup
  COMPLETIONS=$SUITE_TREE/completions
  cp "$RUNTIME" "$WORK/caisson-oci"
  PATH=$WORK:$PATH
}
teardown() { suite_teardown; }

# What a shell offers at the end of each line: one line of sorted words for each. Bash is asked as readline does it, with its words
# broken at "=" and ":" too; it leaves out what stands before the last break.
offers_bash() {
  bash --norc -c '
    folder=$1
    for COMP_LINE in "${@:2}"; do
      COMP_POINT=${#COMP_LINE} COMPREPLY=()
      read -r -a COMP_WORDS <<<"$(sed "s/[=:]\+/ & /g" <<<"$COMP_LINE")"
      [[ $COMP_LINE != *[[:blank:]] ]] || COMP_WORDS+=("")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      source "$folder/${COMP_WORDS[0]}.bash"
      "_${COMP_WORDS[0]//-/_}"
      printf "%s\n" "${COMPREPLY[@]}" | sort -u | paste -s -d " "
    done' sh "$COMPLETIONS" "$@" 3>&-
}
offers_zsh() { CAPTURE=$WORK/zsh zsh -f "$SUITE_LIB/zsh_completions.zsh" "$COMPLETIONS" "$@" 3>&-; }
offers_fish() {
  HOME=$WORK fish --no-config -c '
    for file in $argv[1]/*.fish; source $file; end
    for line in $argv[2..]; complete -C $line | cut -f 1 | sort -u | paste -s -d " "; end' "$COMPLETIONS" "$@" 3>&-
}
have() { command -v "$1" >/dev/null || skip "no $1"; }

# in_every_shell LINE WORDS [LINE WORDS]...: asked at once, since a shell takes long to start.
in_every_shell() {
  local lines=() words=()
  while [ $# -gt 0 ]; do lines+=("$1"); words+=("$2"); shift 2; done
  for shell in bash zsh fish; do
    have "$shell"
    "offers_$shell" "${lines[@]}" >"$WORK/offered"
    local at=0 offered wanted
    while IFS= read -r offered; do
      wanted=${words[at]}
      [ "$shell" != bash ] || wanted=${wanted//*[=:]/}
      same "$offered" "$wanted" || { echo "$shell: ${lines[at]}"; return 1; }
      at=$((at + 1))
    done <"$WORK/offered"
    same "$at" "${#lines[@]}"
  done
}

@test "commands, and commands of commands" {
  contains "$(offers_bash "caisson ")" check
  lacks "$(offers_bash "caisson ")" __complete
  in_every_shell "caisson che" check "caisson ns pi" pin "caisson-oci st" "start state"
}

@test "options of the command that was given, with those before it" {
  in_every_shell "caisson check --" "--help --json --problems --quiet" \
    "caisson --root /tmp check --j" --json \
    "caisson-oci --log-format=json list --q" --quiet
}

@test "values of options: words, kinds, users, capabilities" {
  in_every_shell "caisson --root $STATE run --net " "host none" \
    "caisson run --net=h" --net=host \
    "caisson run --share ti" time \
    "caisson run --user roo" root \
    "caisson run --cap-add CAP_NET_R" CAP_NET_RAW \
    "caisson nsenter --ns ne" net \
    "caisson-oci --log-format " "json text" \
    "caisson-oci kill web HU" HUP
}

@test "files and directories where those are wanted" {
  mkdir -p "$WORK/things/inner"; : >"$WORK/things/file"
  run -0 offers_bash "caisson run --trace $WORK/things/" "caisson run --rootfs $WORK/things/" "caisson run --rootfs=$WORK/things/"
  same "$output" "$WORK/things/file $WORK/things/inner"$'\n'"$WORK/things/inner"$'\n'"$WORK/things/inner"
  have zsh
  run -0 offers_zsh "caisson run --rootfs $WORK/things/" "caisson run --rootfs=$WORK/things/"
  matches "$output" '^[^ ]*inner'$'\n''[^ ]*inner$'
  have fish
  run -0 offers_fish "caisson run --rootfs $WORK/things/" "caisson run --rootfs=$WORK/things/"
  same "$output" "$WORK/things/inner/"$'\n'"--rootfs=$WORK/things/inner/"
}

@test "the command line of another program is completed as its own" {
  contains "$(offers_bash "caisson run -i -- mkdi")" mkdir
  have zsh
  contains "$(offers_zsh "caisson run -i -- mkdi")" mkdir
  have fish
  contains "$(offers_fish "caisson run -i -- mkdi")" mkdir
}

@test "containers of the root that the line names" {
  busybox_bundle "$WORK/bundle"
  cd "$WORK/bundle"
  runtime create --bundle "$WORK/bundle" "$ID" </dev/null >/dev/null 2>&1
  later runtime delete --force "$ID"
  in_every_shell "caisson-oci --root $STATE start cst" "$ID" \
    "caisson-oci --root=$STATE delete --force cst" "$ID" \
    "caisson --root $STATE ns pin x --from container:cst" "container:$ID" \
    "caisson --root $STATE nsenter --ns net=container:cst" "net=container:$ID"
}

@test "networks" {
  mkdir -p "$STATE/.networks" && : >"$STATE/.networks/crowd.json"
  in_every_shell "caisson --root $STATE net rm cro" crowd "caisson --root $STATE run --net cro" crowd \
    "caisson --root $STATE net connect cro" crowd
}

@test "pins, and names of ip netns" {
  # Pins are mounts: all of it in a mount namespace that ends with the test.
  cat >"$WORK/pins" <<'END'
mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip netns add blue || exit 1
"$2" --root "$3" ns pin lab --from $$ --kind uts >/dev/null || exit 1
shift; shift; shift
"$@"
END
  where() { unshare --mount sh "$WORK/pins" sh "$PROGRAM" "$STATE" "$PROGRAM" __complete -- --root "$STATE" "$@" 3>&-; }
  run -0 where ns rm ''
  contains "$output" $'net:blue\t'
  contains "$output" $'\nuts:lab\tpin'
  run -0 where ns pin x --from net:b
  same "$output" $'words\nnet:blue\tnamed by ip netns'
}

@test "processes, with the name of their program" {
  # One whose number no other process's begins with.
  while sleep 60 3>&- & later kill $!; compgen -G "/proc/$![0-9]*" >/dev/null; do :; done
  wait_for 10 grep -q sleep "/proc/$!/comm"  # until then it is a shell
  run -0 "$PROGRAM" __complete -- ns pin x --from $!
  contains "$output" "$!"$'\tsleep'
  in_every_shell "caisson ns pin x --from $!" "$!" "caisson nsenter -t $!" "$!"
}

@test "the names of util-linux are completed only where they are links to caisson" {
  source_and() { PATH=$1 bash --norc -c 'source "$1"; complete -p unshare 2>&1' sh "$COMPLETIONS/caisson.bash" 3>&-; }
  lacks "$(source_and "/usr/bin:/bin" || true)" _caisson
  ln -s caisson "$WORK/unshare"
  contains "$(source_and "$WORK:/usr/bin:/bin")" _caisson
  have fish
  contains "$(HOME=$WORK fish --no-config -c 'source $argv[1]; complete' "$COMPLETIONS/caisson.fish" 3>&-)" "--no-files unshare -a"
}

@test "a shell that a person types into" {
  run -0 "$PYTHON" - "$COMPLETIONS/caisson.bash" <<'END'
import os, pty, select, sys
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="> ", TERM="dumb")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
def until(mark):
    seen = b""
    while mark not in seen:
        ready, _, _ = select.select([terminal], [], [], 20)
        if not ready:
            sys.exit(f"waited for {mark}: {seen}")
        seen += os.read(terminal, 4096)
    return seen
until(b"> ")
os.write(terminal, b"source " + sys.argv[1].encode() + b"; echo read''y\n")
until(b"ready\r\n")
os.write(terminal, b"caisson run --net=n\t --hel\t\n")
seen = until(b"Usage: ")
assert b"--net=none  --help" in seen, seen
os.write(terminal, b"exit\n")
END
}

@test "a wrong line is answered with nothing, quickly and without a message" {
  run -0 "$PROGRAM" __complete -- --no-such nonsense --what
  same "$output" words
  run -0 "$PROGRAM" __complete --
  contains "$output" run
  run -0 "$PROGRAM" __complete -- --root /no/such/place ns rm ''
  lacks "$output" uts:
}
