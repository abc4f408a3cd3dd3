# bash completion for caisson-oci, made from its option tables.
_caisson_oci() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= root= at
  local -a reply=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case ${COMP_WORDS[at]} in
      --root) root=${COMP_WORDS[at+1]}; at=$((at + 1)) ;;
      --root|--log|--log-format|--log-level|--cgroup-manager|--rootless|--trace|--criu) at=$((at + 1)) ;;
      -*) ;;
      *) command=${COMP_WORDS[at]}; break ;;
    esac
  done
  case $command/$before in
    /--root|create/--bundle|create/-b|run/--bundle|run/-b|spec/--bundle|spec/-b|plan/--bundle|plan/-b) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    /--log|/--trace|create/--config|create/-f|create/--pid-file|run/--config|run/-f|run/--pid-file|exec/--process|exec/-p|exec/--pid-file|spec/--file|spec/-f|plan/--config|plan/-f|plan/--pid-file|create/--console-socket|create/--pidfd-socket|run/--console-socket|run/--pidfd-socket|exec/--console-socket|exec/--pidfd-socket|plan/--console-socket|plan/--pidfd-socket) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
  esac
  local options=
  case $command in
    '') options='--root --log --log-format --log-level --debug --systemd-cgroup --cgroup-manager --rootless --explain --trace --version -v --help -h' ;;
    create) options='--bundle -b --config -f --console-socket --pid-file --pidfd-socket --no-pivot --no-new-keyring --preserve-fds --no-subreaper --help -h' ;;
    start) options='--help -h' ;;
    run) options='--bundle -b --config -f --console-socket --pid-file --pidfd-socket --no-pivot --no-new-keyring --preserve-fds --detach -d --keep --no-subreaper --help -h' ;;
    exec) options='--process -p --detach -d --tty -t --console-socket --pid-file --pidfd-socket --user -u --additional-gids -g --env -e --cwd --cap -c --no-new-privs --process-label --apparmor --preserve-fds --cgroup --ignore-paused --help -h' ;;
    state) options='--help -h' ;;
    kill) options='--all -a --help -h' ;;
    delete) options='--force -f --help -h' ;;
    list) options='--format -f --quiet -q --help -h' ;;
    ps) options='--format -f --help -h' ;;
    spec) options='--bundle -b --file -f --rootless --help -h' ;;
    features) options='--help -h' ;;
    plan) options='--bundle -b --config -f --console-socket --pid-file --pidfd-socket --no-pivot --no-new-keyring --preserve-fds --no-subreaper --help -h' ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t reply < <(compgen -W "$options" -- "$word")
  elif [[ -z $command ]]; then
    mapfile -t reply < <(compgen -W 'create start run exec state kill delete list ps spec features plan' -- "$word")
  else
    mapfile -t reply < <(compgen -W "$(caisson-oci ${root:+--root "$root"} list --quiet 2>/dev/null)" -- "$word")
  fi
  COMPREPLY=("${reply[@]}")
}
complete -F _caisson_oci caisson-oci
