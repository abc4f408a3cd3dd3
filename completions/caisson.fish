# fish completion for caisson: the program itself says what may follow.
function __caisson_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l asked $words[2..]
    set -l before 2
    set -l name (string replace -r -- '.*/' '' $words[1])
    if contains -- $name unshare nsenter lsns
        set asked $name $asked
        set before 1
    end
    set -l lines (command caisson __complete -- $asked $current 2>/dev/null)
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
complete -c caisson -f -a '(__caisson_complete)'
# Other programs' names are completed here only where they are links to caisson.
for face in unshare nsenter lsns
    set -l place (command -s $face)
    and string match -q -- '*/caisson' (realpath $place)
    and complete -c $face -f -a '(__caisson_complete)'
end
