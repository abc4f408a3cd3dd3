#include "process/descriptors.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::process {
namespace {

constexpr unsigned kMostKept = 1U << 20;  // more than the kernel's default for fs.nr_open

}  // namespace

KeptDescriptors plan_descriptors(unsigned preserve_fds, const ActivationEnvironment& environment, int own_pid) {
  if (preserve_fds > kMostKept) throw Error(ErrorKind::Usage, text::join("--preserve-fds ", preserve_fds, " is too many"));
  KeptDescriptors kept{.preserved = preserve_fds};
  if (!environment.listen_fds || !environment.listen_pid) return kept;
  if (text::parse_number<int>(*environment.listen_pid) != own_pid) return kept;
  const auto count = text::parse_number<unsigned>(*environment.listen_fds);
  if (!count || *count > kMostKept)
    throw Error(ErrorKind::Usage,
                text::join("invalid LISTEN_FDS ", text::quoted(*environment.listen_fds), " in the environment"));
  kept.listening = *count;
  return kept;
}

void verify_descriptors(const KeptDescriptors& kept) {
  for (unsigned number = 3; number < kept.first_closed(); ++number) {
    if (sys::status_of_fd(sys::BorrowedFd(static_cast<int>(number))).err() != EBADF) continue;
    const bool listening = number < 3 + kept.listening;
    throw Error(ErrorKind::Usage, text::join("descriptor ", number, " is not open, but ",
                                             listening ? text::join("LISTEN_FDS=", kept.listening)
                                                       : text::join("--preserve-fds ", kept.preserved),
                                             " asks for it"))
        .with_hint("the first preserved descriptor is 3, after those of LISTEN_FDS");
  }
}

std::vector<std::string> activation_variables(const KeptDescriptors& kept) {
  if (kept.listening == 0) return {};
  return {text::join("LISTEN_FDS=", kept.listening), "LISTEN_PID=1"};
}

void mark_others_close_on_exec(unsigned first, const sys::ProcHandle& proc) {
  if (sys::close_range(first, ~0U, sys::abi::kCloseRangeCloexec).ok()) return;
  // Before 5.11, or refused by a filter of whoever started the runtime.
  const auto dir = proc.open("self/fd", O_RDONLY | O_DIRECTORY).or_throw("open the list of open descriptors");
  for (const sys::DirEntry& entry : sys::list_dir(dir.borrow()).or_throw("list open descriptors")) {
    const auto number = text::parse_number<unsigned>(entry.name);
    if (!number || *number < first) continue;
    const auto marked = sys::set_close_on_exec(sys::BorrowedFd(static_cast<int>(*number)));
    if (!marked.ok() && marked.err() != EBADF)
      throw Error(ErrorKind::Kernel, text::join("mark descriptor ", *number, " close-on-exec"), marked.err());
  }
}

}  // namespace caisson::process
