// The command line of caisson, as tables: parser, help and completion are made from them. Each command's table is in
// COMMAND_grammar.hpp.
#pragma once

#include <string_view>

#include "app/options.hpp"

namespace caisson::app::human {

const Program& grammar() noexcept;
// The command that stands in for a program of util-linux when caisson is called by that program's name ("unshare"); nullptr for
// any other name.
const Command* face(std::string_view program) noexcept;

}  // namespace caisson::app::human
