#!/usr/bin/env bats
# The command line of `caisson` around its commands.
load ../lib/suite
load people

setup() { people_setup; }
teardown() { suite_teardown; }

@test "--version prints name and version" {
  run -0 "$PROGRAM" --version
  matches "${lines[0]}" '^caisson version [0-9]+\.[0-9]+'
}

@test "--help lists the commands and run --help the options" {
  run -0 "$PROGRAM" --help
  contains "$output" run
  run -0 "$PROGRAM" run --help
  for option in rootfs read-only hostname env workdir user volume tmpfs cap-add cap-drop ulimit net share uidmap gidmap time-offset init \
    security-opt dry-run explain trace; do contains "$output" "--$option"; done
}

@test "an unknown command is refused, named, and the nearest one is offered" {
  run ! "$PROGRAM" rnu
  contains "$output" rnu
  contains "$output" run
}

@test "every option of run --help is in the manual page" {
  run -0 "$PROGRAM" run --help
  page=$(sed 's/\\-/-/g' "$SUITE_TREE/man/caisson.1")
  for option in $(grep -oE '(^|[ ,])--[a-z][a-z-]+' <<<"$output" | tr -d ' ,' | sort -u); do contains "$page" "$option"; done
}

@test "every command of caisson ns and caisson net and its options are in the manual page" {
  for group in ns net; do
    page=$(sed 's/\\-/-/g' "$SUITE_TREE/man/caisson-$group.1")
    run -0 "$PROGRAM" "$group" --help
    for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$output"); do
      contains "$page" "caisson $group $command"
      run -0 "$PROGRAM" "$group" "$command" --help
      for option in $(grep -oE '(^|[ ,])--[a-z][a-z-]+' <<<"$output" | tr -d ' ,' | sort -u); do contains "$page" "$option"; done
    done
  done
}

@test "every command and option of caisson-oci --help is in the manual page" {
  [ -x "$RUNTIME" ] && [ "$RUNTIME_NAME" = caisson-oci ] || skip "no caisson-oci"
  page=$(sed 's/\\-/-/g' "$SUITE_TREE/man/caisson-oci.8")
  for command in "" create start run exec state kill delete list ps spec features plan; do
    run -0 "$RUNTIME" $command --help
    for option in $(grep -oE '(^|[ ,])--[a-z][a-z-]+' <<<"$output" | tr -d ' ,' | sort -u); do contains "$page" "$option"; done
  done
}

@test "both programs are static and do not ask for an interpreter" {
  unless_sanitized "sanitizers need the shared C library"
  for program in "$CAISSON" "$RUNTIME"; do
    [ -x "$program" ] || continue
    case ${program##*/} in caisson*) ;; *) continue ;; esac
    lacks "$(readelf -lW "$program")" INTERP
  done
}

@test "the manual pages are clean for groff" {
  command -v groff >/dev/null || skip "no groff"
  for page in "$SUITE_TREE"/man/*.[158]; do
    same "$(groff -man -ww -z -Tutf8 "$page" 2>&1)" ""
  done
}
