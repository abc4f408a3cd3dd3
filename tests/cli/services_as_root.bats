#!/usr/bin/env bats
# Several programs in one container. The file services_as_user.bats is a link to this one: the same tests as an ordinary user.
load ../lib/suite
load people
load containers

setup() { containers_setup; }
teardown() { containers_teardown; }
fg() { c run --rootfs "$ROOT" "$@"; }
# of SERVICE FIELD: what ps says.
of() { c ps --services --json | jq -r ".[] | select(.Service == \"$1\") | .$2"; }
is() { [ "$(of "$1" State)" = "$2" ]; }

@test "services print whole lines behind their names, and the container ends as it was told" {
  run -3 fg --service 'a=sh -c "echo one; printf part >&2; sleep 0.05; echo ial >&2; printf end"' \
    --service 'b[after=a]=sh -c "echo $$ >/b; sleep 0.1; exit 3"' \
    --service 'c=sh -c "until [ -s /b ]; do sleep 0.02; done; while [ -e /proc/$(cat /b) ]; do sleep 0.02; done; exit 4"'
  same "$(sort <<<"$output")" "$(printf '%s\n' 'a | end' 'a | one' 'a | partial' 'caisson | b ended with status 3' 'caisson | c ended with status 4')"
  run -0 fg --ends-with first --service 'a=true' --service 'b=sleep 1000'
  run -7 fg --ends-with b --service 'a=sleep 1000' --service 'b=sh -c "exit 7"' --service 'c=false'
  run -143 fg --ends-with first --service 'a=sh -c "kill -TERM $$"' --service 'b=sleep 1000'
  # When nobody reads any more, services hear of it, and the container ends.
  run -141 bash -c "set -o pipefail; timeout -s KILL 20 '$PROGRAM' --root '$WORK/s' run --rootfs '$ROOT' --service 'f=sh -c \"while echo x; do :; done\"' </dev/null 2>&1 | head -c 9"
  # A long line is cut, a flood comes through whole, and who closes its output does no harm.
  run -0 fg --service 'l=sh -c "head -c 5000 /dev/zero | tr \\\\0 x"' --service 'q=sh -c "exec >&- 2>&-; sleep 0.1"' \
    --service 'f=seq 20000'
  same "$(grep -c '^f | ' <<<"$output")" 20000
  same "$(grep '^f | ' <<<"$output" | tail -1)" "f | 20000"
  same "$(grep '^l | ' <<<"$output" | tr -d '\n' | tr -cd x | wc -c)" 5000
}

@test "mistakes are named before anything starts" {
  refused() { # STATUS MESSAGE ARGUMENT...
    run "-$1" fg "${@:3}"
    contains "$output" "$2"
    same "$(c ps -aq)" ""
  }
  refused 125 'each waits for the other: a after b after a' --service 'a[after=b]=true' --service 'b[after=a]=true'
  refused 125 'hint: did you mean restart' --service 'a[restrt=always]=true'
  refused 125 'there is no service "x"' --ends-with x --service 'a=true'
  refused 125 'beside services there is no command "echo"' --service 'a=true' -- echo
  refused 125 '--ends-with: belongs to --service' --ends-with all -- true
  refused 125 '--stop-signal: services are stopped by TERM' -d --stop-signal HUP --service 'a=true'
  refused 125 '--interactive: services read nothing' -i --service 'a=true'
  refused 125 '--tty: services have no terminal' -d -t --service 'a=true'
  refused 127 'service b: execute nowhere: No such file' --service 'a=sleep 1000' --service 'b[after=a]=nowhere'
  refused 126 'service b: execute /etc: Permission denied' --service 'b=/etc'
  refused 125 'service b: enter its directory' --service 'b[workdir=/nowhere]=true'
  refused 127 'service b: execute nowhere' -d --service 'b=nowhere'
  same "$(c ps -aq)" ""
}

@test "services are watched, steered, entered and stopped in reverse order" {
  slow='trap "sleep 0.1; echo $0 stops; exit 0" TERM; echo up $N; while :; do sleep 0.02; done'
  run -0 c run -d --name "$NAME" --rootfs "$ROOT" -e N=container \
    --service "web[after=db,restart=always,env=N=web,workdir=/tmp]=sh -c '$slow' web" \
    --service "db=sh -c '$slow' db" --service 'crash[restart=on-failure:2]=sh -c "exit 5"' --service "one[stop-signal=INT]=sleep 1000"
  wait_for 5 is crash ended
  same "$(c ps --services --json | jq -r '.[] | .Service + " " + .State + " " + (.Restarts | tostring)')" \
    "$(printf '%s\n' 'db running 0' 'web running 0' 'crash ended 2' 'one running 0')"
  matches "$(c ps --services | sed -n 3p)" "^$NAME +web +running +.* +[0-9]+ +0 +-$"
  same "$(of crash LastStatus)" 5
  pid=$(of web Pid)
  same "$(c exec --service web "$NAME" sh -c 'echo $N $PWD')" "web /tmp"
  same "$(c exec "$NAME" sh -c 'echo $N $PWD; cat /proc/1/comm')" "container /"$'\n'caisson-init
  same "$(c exec "$NAME" sh -c "cut -d' ' -f6,7 /proc/$pid/stat")" "$pid 0"
  # Restarted by its policy when it is killed, and by hand.
  c exec "$NAME" kill -9 "$pid"
  wait_for 5 eval '[ "$(of web Restarts)" = 1 ] && is web running'
  run -0 c restart --service web "$NAME"
  same "$(of web Restarts)" 0
  run -0 c stop --service one "$NAME"
  is one stopped
  run -0 c start --service one "$NAME"
  is one running
  run -125 c restart --service wbe "$NAME"
  contains "$output" "did you mean web"
  # The page of PID 1 is nobody else's, and its memory is not open to the container's root.
  run ! c exec "$NAME" sh -c 'exec 3<>/proc/1/mem'
  wait_for 5 eval '[ "$(c logs --service web --tail 1 "$NAME")" = "up web" ]'
  same "$(c logs --service web "$NAME" | head -2 | tail -1)" "up web"
  run ! grep -q "db" <<<"$(c logs --service web "$NAME")"
  run -125 c logs --service wen "$NAME"
  contains "$output" "did you mean web"
  c stop "$NAME"
  same "$(c logs "$NAME" | tail -2)" "$(printf '%s\n' 'web | web stops' 'db | db stops')"
  same "$(c inspect "$NAME" | jq -r '.[0].State.ExitCode')" 5  # of the one that had failed for good
  same "$(c ps --services --json)" "[]"
  # Again from its file.
  c inspect --as-file "$NAME" >again.toml
  contains "$(grep -A6 '^.service.web.$' again.toml)" 'after = ["db"]'
  same "$(c inspect --as-file --json "$NAME" | jq -r '.service.web.env[0]')" N=web
  c rm "$NAME"
  run -0 c run -f "$PWD/again.toml"
  same "$(c inspect --as-file "$NAME")" "$(cat again.toml)"
  is web running
}

# No child of PID 1 is dead and still there; those of others are theirs to mind.
reaped() {
  [ -z "$(c exec "$NAME" sh -c 'for one in /proc/[0-9]*/status; do grep -q "^State:.Z" $one && grep -q "^PPid:.1$" $one && echo $one; done 2>/dev/null')" ]
}

@test "what does not stop is killed in its time, orphans are reaped, and fifty services fit" {
  words=()
  for i in $(seq 49); do words+=(--service "s$i=sleep 1000"); done
  run -0 c run -d --name "$NAME" --rootfs "$ROOT" "${words[@]}" \
    --service 'deaf[stop-timeout=0]=sh -c "trap : TERM; (sleep 0.01 & ); while :; do sleep 0.02; done"'
  same "$(c ps --services --json | jq '[.[] | select(.State == "running")] | length')" 50
  wait_for 5 reaped
  # The memory of PID 1, which has woken up for all of them by then.
  first=/proc/$(c inspect "$NAME" | jq '.[0].State.Pid')
  [ "$(awk '/^Pss:/ {print $2}' "$first/smaps_rollup")" -le 100 ]
  run -0 c stop -t 20 "$NAME"
  same "$(c inspect "$NAME" | jq -r '.[0].State.ExitCode')" 0
  # In the foreground, without a name.
  in_background "$PROGRAM" --root "$STATE" run --rootfs "$ROOT" --service 'far=sleep 1000' --service 'near=sleep 1000'
  wait_for 5 is near running
  matches "$(c ps --services | tail -1)" '^run-[0-9-]+ +near +running '
  kill -TERM "$RUNNER"
  wait "$RUNNER" || true
  [ "$WHO" = user ] || {
    run -0 fg --service 'u[user=7:8]=sh -c "id -u; id -g; echo x >/dev/stdout; exit 0"'
    same "$output" "$(printf 'u | %s\n' 7 8 x)"
  }
}
