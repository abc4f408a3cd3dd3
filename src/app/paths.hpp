// Paths of the command line, before anything changes the working directory.
#pragma once

#include <string>
#include <string_view>

namespace caisson::app {

// Relative to `directory` unless it is absolute. "." and double slashes are taken out; a path with ".." stays as it is, since
// what that means depends on symbolic links.
std::string absolute_path(std::string_view directory, std::string_view path);
// The same for the working directory; throws Error when that cannot be named. An empty path stays empty.
std::string absolute_path(std::string_view path);

}  // namespace caisson::app
