#include "state/identity.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/process_stat.hpp"

namespace caisson::state {
namespace {

std::optional<sys::ProcessStat> look_at(pid_t pid, int& error) {
  const auto text = sys::read_file(sys::kCwd, text::join("/proc/", pid, "/stat").c_str());
  error = text.err();
  return text.ok() ? sys::parse_process_stat(text.value()) : std::nullopt;
}

// Looked at after the descriptor was opened: a process that now has the right start time is the one that it holds.
bool began_at(std::uint64_t start_time, pid_t pid) {
  int error = 0;
  const auto found = look_at(pid, error);
  if (!found && error != ENOENT && error != ESRCH && error != 0)
    throw Error(ErrorKind::Kernel, text::join("read /proc/", pid, "/stat"), error);
  return found && found->start_time == start_time && !found->has_ended();
}

}  // namespace

Identity identify(pid_t pid, const sys::Pidfd& process, std::string_view boot_id) {
  Identity identity{.pid = pid, .boot_id = std::string(boot_id)};
  identity.inode = sys::inode_of(process).or_throw("examine process ", pid);
  if (identity.inode != 0) return identity;
  int error = 0;
  const auto found = look_at(pid, error);
  if (!found) throw Error(ErrorKind::Kernel, text::join("read /proc/", pid, "/stat"), error != 0 ? error : EINVAL);
  identity.start_time = found->start_time;
  return identity;
}

Identity identify(pid_t pid, std::string_view boot_id) {
  return identify(pid, sys::open_pidfd(pid).or_throw("open process ", pid), boot_id);
}

std::optional<sys::Pidfd> open_verified(const Identity& identity, std::string_view current_boot_id) {
  if (identity.pid <= 0 || identity.boot_id != current_boot_id) return std::nullopt;
  if (identity.inode == 0 && identity.start_time == 0) return std::nullopt;  // a record that says neither means nobody
  auto opened = sys::open_pidfd(identity.pid);
  if (!opened.ok()) {
    if (opened.err() == ESRCH || opened.err() == EINVAL) return std::nullopt;
    throw Error(ErrorKind::Kernel, text::join("open process ", identity.pid), opened.err());
  }
  sys::Pidfd process = std::move(opened).value();
  const bool is_it =
      identity.inode != 0
          ? sys::inode_of(process).or_throw("examine process ", identity.pid) == identity.inode && !sys::has_ended(process)
          : began_at(identity.start_time, identity.pid);
  if (!is_it) return std::nullopt;
  return process;
}

std::optional<bool> has_executed(const Identity& identity, const sys::Pidfd& process) {
  int error = 0;
  const auto found = look_at(identity.pid, error);
  // First of all: else the number may have been another process's when it was looked at.
  if (sys::has_ended(process)) return std::nullopt;
  if (found) return found->has_executed();
  // Mounted with hidepid, /proc shows ordinary users nothing of a process that may not be dumped, as one that waits for start.
  if (error == ENOENT || error == ESRCH || error == EPERM || error == EACCES) return true;
  throw Error(ErrorKind::Kernel, text::join("read /proc/", identity.pid, "/stat"), error != 0 ? error : EINVAL);
}

}  // namespace caisson::state
