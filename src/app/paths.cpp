#include "app/paths.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::app {

std::string absolute_path(std::string_view directory, std::string_view path) {
  std::string whole = path.starts_with('/') ? std::string(path) : text::join(directory, '/', path);
  const auto parts = text::split(whole, '/');
  const bool climbs = std::ranges::find(parts, std::string_view("..")) != parts.end();
  return climbs ? whole : text::clean_path(whole);
}

std::string absolute_path(std::string_view path) {
  if (path.empty() || path.starts_with('/')) return path.empty() ? std::string() : absolute_path("/", path);
  const std::string directory = sys::current_dir().or_throw("find the working directory");
  if (!directory.starts_with('/'))
    throw Error(ErrorKind::Host, "find the working directory: it is outside of the root directory");
  return absolute_path(directory, path);
}

}  // namespace caisson::app
