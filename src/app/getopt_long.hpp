// Options exactly as getopt_long(3) of the GNU C library reads them, for commands that stand in for a program of util-linux:
// `-rpf`, `-w/dir`, `-w /dir`, `--wd=/dir`, `--wd /dir`, unambiguous beginnings of long names (`--map-r`), `--` as the end; a
// value that may be left out is attached (`-n/path`, `--net=/path`) or not there; a short form keeps a leading `=` of its
// value. Operands and options may be mixed unless the command says AtFirstOperand ('+' of an option string).
#pragma once

#include "app/options.hpp"
#include "base/error.hpp"

namespace caisson::app {

// Throws Error{Usage} with the words of getopt_long and a hint "Try 'NAME --help' for more information.". Operands are not
// counted.
void parse_getopt_long(const Command& command, std::span<const char* const> arguments, Parsed& out);

// Not an error of the options, but told the same way: "NAME: words" and the hint. For what util-linux checks by hand.
Error usage_error(const Command& command, std::string words);

}  // namespace caisson::app
