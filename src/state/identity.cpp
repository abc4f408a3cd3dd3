#include "state/identity.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::state {
namespace {

constexpr std::size_t kStateField = 0, kStartTimeField = 19;  // of the text behind the name: fields 3 and 22 of man 5 proc

std::optional<ProcessStat> read_stat(pid_t pid, int& error) {
  const auto stat = sys::read_file(sys::kCwd, text::join("/proc/", pid, "/stat").c_str());
  error = stat.err();
  return stat.ok() ? parse_process_stat(stat.value()) : std::nullopt;
}

bool has_ended(const ProcessStat& stat) { return stat.run_state == 'Z' || stat.run_state == 'X' || stat.run_state == 'x'; }

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view stat) noexcept {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 > stat.size()) return std::nullopt;
  ProcessStat found;
  std::string_view rest = stat.substr(name_end + 2);
  for (std::size_t field = 0; !rest.empty(); ++field) {
    const std::size_t space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    if (field == kStateField) {
      if (word.size() != 1) return std::nullopt;
      found.run_state = word[0];
    }
    if (field == kStartTimeField) {
      const auto start = text::parse_number<std::uint64_t>(word);
      if (!start || space == std::string_view::npos) return std::nullopt;  // cut off: the number may be, too
      found.start_time = *start;
      return found;
    }
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  }
  return std::nullopt;
}

Identity identify(pid_t pid, std::string_view boot_id) {
  int error = 0;
  const auto stat = read_stat(pid, error);
  if (!stat) throw Error(ErrorKind::Kernel, text::join("read /proc/", pid, "/stat"), error != 0 ? error : EINVAL);
  return {.pid = pid, .start_time = stat->start_time, .boot_id = std::string(boot_id)};
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
  const auto stat = read_stat(identity.pid, error);
  if (!stat && error != ENOENT && error != ESRCH && error != 0)
    throw Error(ErrorKind::Kernel, text::join("read /proc/", identity.pid, "/stat"), error);
  if (!stat || stat->start_time != identity.start_time || has_ended(*stat)) return std::nullopt;
  return std::move(process).value();
}

}  // namespace caisson::state
