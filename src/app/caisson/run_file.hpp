// `caisson run --file`: a line of the file's words and those that were given besides; and back from a record.
#pragma once

#include "app/caisson/commands.hpp"
#include "app/option_file.hpp"
#include "life/record.hpp"

namespace caisson::app::human {

// Relative paths in the file count from its own folder. What was given besides stands behind the file's words, so that it wins,
// or adds to them where options repeat; operands take the place of the file's command.
int run_file(const Invocation& invocation);

// What `caisson run` was given for it, with absolute paths.
OptionFile file_of(const life::Record& record);
// A service as a table, for write_option_file.
std::optional<WrittenTable> table_of_word(const Option& option, std::string_view word);

}  // namespace caisson::app::human
