#include "state/identity.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/process_stat.hpp"

namespace caisson::state {
namespace {

struct Looked {
  std::uint64_t start_time = 0;
  bool has_ended = false;
};

std::optional<Looked> look_at(pid_t pid, int& error) {
  const auto text = sys::read_file(sys::kCwd, text::join("/proc/", pid, "/stat").c_str());
  error = text.err();
  const auto stat = text.ok() ? sys::parse_process_stat(text.value()) : std::nullopt;
  return stat ? std::optional(Looked{stat->start_time, stat->has_ended()}) : std::nullopt;
}

}  // namespace

Identity identify(pid_t pid, std::string_view boot_id) {
  int error = 0;
  const auto found = look_at(pid, error);
  if (!found) throw Error(ErrorKind::Kernel, text::join("read /proc/", pid, "/stat"), error != 0 ? error : EINVAL);
  return {.pid = pid, .start_time = found->start_time, .boot_id = std::string(boot_id)};
}

std::optional<sys::Pidfd> open_verified(const Identity& identity, std::string_view current_boot_id) {
  if (identity.pid <= 0 || identity.boot_id != current_boot_id) return std::nullopt;
  auto process = sys::open_pidfd(identity.pid);
  if (!process.ok()) {
    if (process.err() == ESRCH || process.err() == EINVAL) return std::nullopt;
    throw Error(ErrorKind::Kernel, text::join("open process ", identity.pid), process.err());
  }
  // Looked at after the open: a process that now has the right start time is the one that the descriptor holds.
  int error = 0;
  const auto found = look_at(identity.pid, error);
  if (!found && error != ENOENT && error != ESRCH && error != 0)
    throw Error(ErrorKind::Kernel, text::join("read /proc/", identity.pid, "/stat"), error);
  if (!found || found->start_time != identity.start_time || found->has_ended) return std::nullopt;
  return std::move(process).value();
}

}  // namespace caisson::state
