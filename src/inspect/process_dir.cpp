#include "inspect/process_dir.hpp"

#include <fcntl.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/proc_handle.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {

ProcessDir::ProcessDir(pid_t pid, const sys::Pidfd& process) : pid_(pid) {
  const auto proc = sys::ProcHandle::host_view().or_throw("open /proc");
  auto directory = proc.open(text::join(pid).c_str(), O_RDONLY | O_DIRECTORY);
  // Alive now: then its number was its own all the time, also when the directory was opened.
  if (sys::has_ended(process) || directory.err() == ENOENT || directory.err() == ESRCH)
    throw Error(ErrorKind::Host, text::join("process ", pid, " has ended"));
  directory_ = std::move(directory).or_throw("open /proc/", pid);
}

Fact<std::string> ProcessDir::read(const char* name) const { return fact_of(sys::read_file(borrow(), name)); }

Fact<std::string> ProcessDir::link(const char* name) const { return fact_of(sys::read_link(borrow(), name)); }

Fact<std::uint64_t> ProcessDir::namespace_inode(const char* name) const { return derived(link(name), inode_in); }

std::uint64_t inode_in(std::string_view link) {
  const std::size_t open = link.find('['), close = link.rfind(']');
  const auto inode = open == std::string_view::npos || close == std::string_view::npos || close < open
                         ? std::nullopt
                         : text::parse_number<std::uint64_t>(link.substr(open + 1, close - open - 1));
  if (!inode) throw Error(ErrorKind::Host, text::join("no link of a namespace: ", text::quoted(link)));
  return *inode;
}

}  // namespace caisson::inspect
