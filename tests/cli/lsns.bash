# What both lsns files share: both programs look at the same few processes, in a pid namespace with a /proc of its own, since
# on the machine itself processes come and go between two looks.

lsns_setup() {
  THEIRS=$(command -v lsns) || skip "no lsns of util-linux"
  OURS=$WORK/lsns
  ln -s "$PROGRAM" "$OURS"
}

# stand ARGS...: an unshared `sleep` as STANDING, ended with the test.
stand() {
  unshare "$@" sleep 600 </dev/null >/dev/null 2>&1 3>&- 4>&- &
  STANDING=$!
  CLEANUPS+=("kill $STANDING; wait $STANDING")
  until [ "$(cat /proc/$STANDING/comm)" = sleep ]; do sleep 0.01; done
}

# in_small_machine SCRIPT: runs it as PID 1 of a pid namespace, beside processes in namespaces of their own.
in_small_machine() {
  local map=()
  [ "$WHO" = root ] || map=(--user --map-root-user)
  person env LC_ALL="${LOCALE:-C.UTF-8}" unshare "${map[@]}" --pid --fork --mount --mount-proc --kill-child bash -c '
    ours=$1 theirs=$2 out=$3
    unshare --uts --ipc sleep 600 & first=$!
    unshare --net --cgroup bash -c "sleep 600 & exec sleep 600" & second=$!
    unshare --user --map-root-user --uts sleep 600 & third=$!
    for pid in $first $second $third; do until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done; done
    until [ "$(cat "/proc/$(xargs </proc/$second/task/$second/children)/comm")" = sleep ]; do sleep 0.01; done 2>/dev/null
    '"$1" small_machine "$OURS" "$THEIRS" "$HOME_OF/out" 2>&1
}

# The scripts are read by the shell inside.
# shellcheck disable=SC2016
answers_the_same() {
  run -0 in_small_machine '
    while IFS= read -r line; do
      eval "set -- $line"
      our_words=$(exec -a lsns "$ours" "$@" 2>&1); our_status=$?
      their_words=$(exec -a lsns "$theirs" "$@" 2>&1); their_status=$?
      [ "$our_status" = "$their_status" ] && [ "$our_words" = "$their_words" ] || { echo "lsns $line: $our_status: $our_words"; echo "$their_status: $their_words"; }
    done <<\EOF
-t foo
-o FOO
-o NS,FOO
-p abc
-p 1 4026531837
-J -r
-x
--unknown
-t
--tree=foo
abc
123
-p 999999
-p 0 -n -o TYPE
EOF'
  same "$output" ""
}

# shellcheck disable=SC2016
prints_the_same() {
  local script='
    while IFS= read -r line; do
      eval "set -- $line"
      # Not in a pipe, whose other processes would be counted. The program itself is one of the processes: only its pid differs.
      (exec -a lsns "$ours" "$@") >"$out.ours"
      (exec -a lsns "$theirs" "$@") >"$out.theirs"
      for file in "$out.ours" "$out.theirs"; do
        case " $line " in *" -J"*) jq -S . "$file" >"$file.shown" ;; *) cp "$file" "$file.shown" ;; esac
        sed -i -E "/lsns/s/[0-9]+/N/g" "$file.shown"
      done
      diff "$out.ours.shown" "$out.theirs.shown" | sed "s|^|lsns $line: |"
    done <<\EOF
-n
-l
-r
-J
-t net
-t net -W
-t uts -t user
-t net -J
-T
-T -J
-T -r
-Tparent
--tree=parent -J
--tree=process
-o NS,TYPE,PNS,ONS
-o +PPID,UID
-o ns,type,path
--output-all -p $first
--output-all -p $second -r
-p $third -J
-p $third -T
-u
-o TYPE,NS -n -r
$(stat -Lc %i /proc/$first/ns/uts)
$(stat -Lc %i /proc/$second/ns/net) -J
$(stat -Lc %i /proc/$second/ns/net) -o PID,COMMAND -r
-l $(stat -Lc %i /proc/$second/ns/net)
EOF'
  run -0 in_small_machine "$script"
  same "$output" ""
  LOCALE=C run -0 in_small_machine "$script"
  same "$output" ""
}
