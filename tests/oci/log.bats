#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; }
teardown() { suite_teardown; }

bad_bundle() { config '.process.args = ["/no/such/program"]'; }

@test "a failed create writes exactly one JSON record into the log" {
  bad_bundle
  refused --log "$WORK/log" --log-format json create "$ID"
  same "$(wc -l <"$WORK/log")" 1
  jq -e '.level == "error" and (.msg | contains("/no/such/program"))' "$WORK/log"
  jq -e '.time | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$")' "$WORK/log"
}

@test "a failed create in a bundle with a terminal and hooks writes one record too" {
  unless_runc "1.1 writes a second record for the hook"
  bad_bundle
  config '.hooks.poststop = [{path: "/bin/false"}]'
  refused --log "$WORK/log" --log-format json create "$ID"
  same "$(grep -c '"level":"error"' "$WORK/log")" 1
}

@test "the error goes to standard error as well" {
  bad_bundle
  refused --log "$WORK/log" --log-format json create "$ID"
  contains "$output" "/no/such/program"
}

@test "without --log the error is printed once" {
  bad_bundle
  refused create "$ID"
  same "$(grep -c "/no/such/program" <<<"$output")" 1
}

@test "a successful command writes no record" {
  payload 'exit 0'
  runtime --log "$WORK/log" --log-format json create "$ID" </dev/null >/dev/null 2>&1
  [ ! -s "$WORK/log" ]
}

@test "the log is appended to" {
  echo '{"level":"info","msg":"mine"}' >"$WORK/log"
  bad_bundle
  refused --log "$WORK/log" --log-format json create "$ID"
  same "$(head -n 1 "$WORK/log")" '{"level":"info","msg":"mine"}'
  same "$(wc -l <"$WORK/log")" 2
}

@test "the text format names the level and the message" {
  bad_bundle
  refused --log "$WORK/log" --log-format text create "$ID"
  contains "$(cat "$WORK/log")" "/no/such/program"
  contains "$(cat "$WORK/log")" error
}

@test "an unknown log format is refused" {
  run ! runtime --log "$WORK/log" --log-format xml state "$ID"
  contains "$output" xml
}

@test "a log that cannot be opened is an error before anything happens" {
  refused --log "$WORK/no/such/dir/log" create "$ID"
  run ! runtime state "$ID"
}

@test "failed state, kill, start and delete write a record that says does not exist" {
  for command in state start delete kill; do
    rm -f "$WORK/log"
    run ! runtime --log "$WORK/log" --log-format json "$command" no-such-container
    jq -e '.level == "error" and (.msg | contains("does not exist"))' "$WORK/log"
  done
}

@test "quotes, newlines and odd bytes in a message are still one valid JSON record" {
  config '.process.args = ["/no/\"such\"\nprogram\u0001\\"]'
  refused --log "$WORK/log" --log-format json create "$ID"
  same "$(wc -l <"$WORK/log")" 1
  jq -e '.msg | length > 0' "$WORK/log"
}

@test "--debug adds records of level debug and the last error stays the last record" {
  bad_bundle
  refused --debug --log "$WORK/log" --log-format json create "$ID"
  jq -es 'map(select(.level == "error")) | length == 1' "$WORK/log"
  jq -es 'any(.level == "debug") and last.level == "error"' "$WORK/log"
}

@test "--debug without a log writes its records to standard error, also of exec" {
  payload 'sleep 1000'
  detached --debug create "$ID"
  matches "$(cat "$WORK/err")" 'level=debug msg='
  runtime start "$ID"
  runtime --debug exec "$ID" true </dev/null 2>"$WORK/err"
  matches "$(cat "$WORK/err")" 'level=debug msg='
}
