// A file that is there whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace caisson::app {

// Written under a temporary name beside it and renamed, with the mode that the umask leaves; nothing stays when that fails.
// What stands there and is no regular file (a link such as /dev/stdout, a pipe, a terminal) is written to as it is. Throws
// Error.
void write_whole_file(const std::string& path, std::string_view content);

}  // namespace caisson::app
