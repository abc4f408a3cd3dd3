#include "sys/inotify.hpp"

#include <sys/inotify.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<UniqueFd> watch_directory(BorrowedFd directory) noexcept {
  const long made = call(SYS_inotify_init1, IN_NONBLOCK | IN_CLOEXEC);
  if (made < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-made));
  UniqueFd watch(static_cast<int>(made));
  constexpr std::string_view kFds = "/proc/self/fd/";
  std::array<char, 32> path{};
  std::copy(kFds.begin(), kFds.end(), path.begin());
  std::to_chars(path.data() + kFds.size(), path.data() + path.size() - 1, directory.get());
  constexpr unsigned kEvents = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE;
  const long added = call(SYS_inotify_add_watch, watch.get(), path.data(), kEvents);
  if (added < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-added));
  return watch;
}

void drop_events(BorrowedFd watch) noexcept {
  std::array<char, 4096> events;
  while (call(SYS_read, watch.get(), events.data(), events.size()) > 0) {
  }
}

}  // namespace caisson::sys
