#include "spec/sysctl_key.hpp"

#include "base/text.hpp"

namespace caisson::spec {

std::optional<std::string> sysctl_path(std::string_view key) {
  std::string path(key);
  const std::size_t first_separator = path.find_first_of("./");
  if (first_separator != std::string::npos && path[first_separator] == '.') {
    for (char& c : path) {
      if (c == '.')
        c = '/';
      else if (c == '/')
        c = '.';
    }
  }
  if (path.empty() || path.ends_with('/')) return std::nullopt;
  for (const std::string_view part : text::split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return std::nullopt;
  }
  return path;
}

}  // namespace caisson::spec
