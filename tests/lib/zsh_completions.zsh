#!/usr/bin/zsh -f
# zsh_completions.zsh FOLDER LINE...: what zsh offers at the end of each line, one line of sorted words for each, with the completion
# functions of the folder. The completion widget is really run, in a zsh on a pseudo terminal; compadd only tells what it was given.
zmodload zsh/zpty || exit 1
folder=$1
shift
print -r -- "
PROMPT=; stty -echo 2>/dev/null; unsetopt zle_bracketed_paste; TERM=dumb
fpath=(${(q)folder} \$fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
  local -a told; local prefix=\$IPREFIX word
  if [[ \${*[(r)-[OAD]]} == '' ]]; then
    builtin compadd -O told \"\$@\"
    for word in \$told; do print -r -- \"<match>\$prefix\$word\" >>\$CAPTURE; done
  fi
  builtin compadd \"\$@\"
}
zle -C capture complete-word capture_words
capture_words() { _main_complete; print -r -- '<end>' >>\$CAPTURE; compstate[insert]=''; compstate[list]='' }
bindkey '^I' capture
bindkey '^U' kill-whole-line
print -r -- READY >>\$CAPTURE
" >$CAPTURE.rc
await() { repeat 400; do grep -q $1 $CAPTURE && return; sleep 0.02; done; exit 1 }
: >$CAPTURE
zpty z zsh -f -i
zpty -w z ". ${(q)CAPTURE}.rc"
await READY
for line in "$@"; do
  : >$CAPTURE
  zpty -n -w z $'\x15'"$line"$'\t'
  await '<end>'
  print -r -- ${(j: :)${(ou)${(M)${(f)"$(<$CAPTURE)"}:#<match>*}#<match>}}
done
zpty -d z
