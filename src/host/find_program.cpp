#include "host/find_program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::host {

std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  const std::string all =
      text::join(path == nullptr ? "" : path, ":/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin");
  for (const std::string_view directory : text::split(all, ':')) {
    if (!directory.starts_with('/')) continue;
    std::string full = text::join(directory, '/', name);
    const auto file = sys::open_at(sys::kCwd, full.c_str(), O_PATH);
    if (!file.ok() || !sys::check_access(full.c_str(), X_OK).ok()) continue;
    if (const auto status = sys::status_of_fd(file.value().borrow()); status.ok() && status.value().is_regular()) return full;
  }
  return {};
}

}  // namespace caisson::host
