#include "app/completion.hpp"

namespace caisson::app {
namespace {

constexpr std::string_view kBash = R"sh(# bash completion for @PROGRAM@: the program itself says what may follow.
_@FUNCTION@() {
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
@BASHFACE@  mapfile -t lines < <(@PROGRAM@ __complete -- "${face[@]}" "${words[@]:1}" 2>/dev/null)
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
complete -F _@FUNCTION@ @PROGRAM@
)sh";

constexpr std::string_view kBashFaceWord =
    R"sh(  case ${words[0]##*/} in @FACES|@) face=("${words[0]##*/}") before=0 ;; esac
)sh";
constexpr std::string_view kBashFaces = R"sh(# Other programs' names are completed here only where they are links to @PROGRAM@.
for _@FUNCTION@_face in @FACES@; do
  case $(readlink -f "$(type -P "$_@FUNCTION@_face")" 2>/dev/null) in */@PROGRAM@) complete -F _@FUNCTION@ "$_@FUNCTION@_face" ;; esac
done
unset _@FUNCTION@_face
)sh";

constexpr std::string_view kZsh = R"sh(#compdef @PROGRAM@
# zsh completion for @PROGRAM@: the program itself says what may follow.
_@FUNCTION@() {
  local want line before=1 ret=1
  local -a lines plain described
  local -a asked=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
@ZSHFACE@  lines=("${(@f)$(@PROGRAM@ __complete -- "${asked[@]}" 2>/dev/null)}")
  want=$lines[1]
  for line in "${(@)lines[2,-1]}"; do
    if [[ $line == *$'\t'* ]]; then
      described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    elif [[ -n $line ]]; then
      plain+=("$line")
    fi
  done
  (( ! $#described )) || { _describe @PROGRAM@ described && ret=0 }
  (( ! $#plain )) || { compadd -a plain && ret=0 }
  case $want in
    files) compset -P '--*='; _files && ret=0 ;;
    directories) compset -P '--*='; _files -/ && ret=0 ;;
    command*)
      (( line = ${want#command } + before ))
      shift $line words
      (( CURRENT -= line ))
      _normal && ret=0
      ;;
  esac
  return ret
}
)sh";

constexpr std::string_view kZshFaceWord =
    R"sh(  [[ ${words[1]:t} == (@FACES|@) ]] && { asked=("${words[1]:t}" "${asked[@]}"); before=0 }
)sh";
constexpr std::string_view kZshFaces = R"sh(# Other programs' names are completed here only where they are links to @PROGRAM@.
() {
  local face
  for face in @FACES@; do
    [[ ${commands[$face]:A:t} != @PROGRAM@ ]] || compdef _@FUNCTION@ $face
  done
}
)sh";
constexpr std::string_view kZshCall = "_@FUNCTION@ \"$@\"\n";

constexpr std::string_view kFish = R"sh(# fish completion for @PROGRAM@: the program itself says what may follow.
function __@FUNCTION@_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l asked $words[2..]
    set -l before 2
@FISHFACE@    set -l lines (command @PROGRAM@ __complete -- $asked $current 2>/dev/null)
    set -l ahead (string match -r -- '^--[^=]+=' $current)
    switch "$lines[1]"
        case files
            __fish_complete_path (string replace -r -- '^--[^=]+=' '' $current) | string replace -r -- '^' "$ahead"
        case directories
            __fish_complete_directories (string replace -r -- '^--[^=]+=' '' $current) | string replace -r -- '^' "$ahead"
        case 'command *'
            set -l first (math (string replace 'command ' '' -- $lines[1]) + $before)
            set -l line (string join ' ' -- (string escape -- $words[$first..]) '')$current
            complete -C "$line"
    end
    printf '%s\n' $lines[2..]
end
complete -c @PROGRAM@ -f -a '(__@FUNCTION@_complete)'
)sh";
constexpr std::string_view kFishFaceWord = R"sh(    set -l name (string replace -r -- '.*/' '' $words[1])
    if contains -- $name @FACES@
        set asked $name $asked
        set before 1
    end
)sh";
constexpr std::string_view kFishFaces = R"sh(# Other programs' names are completed here only where they are links to @PROGRAM@.
for face in @FACES@
    set -l place (command -s $face)
    and string match -q -- '*/@PROGRAM@' (realpath $place)
    and complete -c $face -f -a '(__@FUNCTION@_complete)'
end
)sh";

void replace(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string joined(std::span<const std::string_view> words, char separator) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

std::string template_of(Shell shell, bool faces) {
  switch (shell) {
    case Shell::Bash:
      return std::string(kBash) + std::string(faces ? kBashFaces : "");
    case Shell::Zsh:
      return std::string(kZsh) + std::string(faces ? kZshFaces : "") + std::string(kZshCall);
    case Shell::Fish:
      break;
  }
  return std::string(kFish) + std::string(faces ? kFishFaces : "");
}

}  // namespace

std::string completion_script(Shell shell, std::string_view program, std::span<const std::string_view> faces) {
  std::string script = template_of(shell, !faces.empty());
  // A face is called by another name, which comes first among the words then.
  replace(script, "@BASHFACE@", faces.empty() ? "" : kBashFaceWord);
  replace(script, "@ZSHFACE@", faces.empty() ? "" : kZshFaceWord);
  replace(script, "@FISHFACE@", faces.empty() ? "" : kFishFaceWord);
  replace(script, "@FACES|@", joined(faces, '|'));
  replace(script, "@FACES@", joined(faces, ' '));
  replace(script, "@PROGRAM@", program);
  std::string function(program);
  replace(function, "-", "_");
  replace(script, "@FUNCTION@", function);
  return script;
}

}  // namespace caisson::app
