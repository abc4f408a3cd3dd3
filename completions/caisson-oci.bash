# bash completion for caisson-oci: the program itself says what may follow.
_caisson_oci() {
  local rest=${COMP_LINE:0:COMP_POINT} at word want value broken before=1
  local -a words=() starts=() lines=() found=() face=()
  # Bash breaks words at "=" and ":" too; what stands together on the line is one word.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    if ((at == 0)) || [[ $rest == [[:blank:]]* ]]; then
      rest=${rest#"${rest%%[![:blank:]]*}"}
      words+=('')
      starts+=("$at")
    fi
    word=${COMP_WORDS[at]}
    ((at < COMP_CWORD)) || word=$rest
    words[${#words[@]}-1]+=$word
    rest=${rest#"$word"}
  done
  word=${words[${#words[@]}-1]}
  mapfile -t lines < <(caisson-oci __complete -- "${face[@]}" "${words[@]:1}" 2>/dev/null)
  want=${lines[0]}
  value=$word
  [[ $word != --*=* ]] || value=${word#*=}
  for at in "${lines[@]:1}"; do found+=("${at%%$'\t'*}"); done
  case $want in
    files) compopt -o filenames 2>/dev/null; mapfile -t lines < <(compgen -f -- "$value") ;;
    directories) compopt -o filenames 2>/dev/null; mapfile -t lines < <(compgen -d -- "$value") ;;
    command*)
      at=${starts[${want#command } + before]}
      if ((at < COMP_CWORD)) && declare -F _comp_command_offset >/dev/null; then _comp_command_offset "$at"; return; fi
      if ((at < COMP_CWORD)) && declare -F _command_offset >/dev/null; then _command_offset "$at"; return; fi
      if ((at < COMP_CWORD)); then
        compopt -o filenames 2>/dev/null
        mapfile -t lines < <(compgen -f -- "$word")
      else
        mapfile -t lines < <(compgen -c -- "$word")
      fi
      ;;
    *) lines=() ;;
  esac
  [[ $want == words ]] || for at in "${lines[@]}"; do found+=("${word%"$value"}$at"); done
  # Readline replaces only what stands behind the last break.
  broken=
  [[ $COMP_WORDBREAKS != *:* || $word != *:* ]] || broken=${word%"${word##*:}"}
  [[ $COMP_WORDBREAKS != *=* || ${word#"$broken"} != *=* ]] || broken=${word%"${word##*=}"}
  COMPREPLY=()
  for at in "${found[@]}"; do COMPREPLY+=("${at#"$broken"}"); done
}
complete -F _caisson_oci caisson-oci
