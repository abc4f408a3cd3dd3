# fish completion for caisson-oci: the program itself says what may follow.
function __caisson_oci_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l asked $words[2..]
    set -l before 2
    set -l lines (command caisson-oci __complete -- $asked $current 2>/dev/null)
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
complete -c caisson-oci -f -a '(__caisson_oci_complete)'
