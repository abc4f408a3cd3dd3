#include "inspect/proc_reader.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "sys/proc_handle.hpp"

namespace caisson::inspect {

NamespaceName parse_namespace_name(std::string_view text) noexcept {
  const std::size_t colon = text.find(":[");
  if (colon == std::string_view::npos || !text.ends_with(']')) return {};
  const auto inode = text::parse_number<std::uint64_t>(text.substr(colon + 2, text.size() - colon - 3));
  return inode ? NamespaceName{text.substr(0, colon), *inode} : NamespaceName{};
}

ProcReader::ProcReader() : text_(new char[kText]), names_(new char[kNames]) {
  const auto handle = sys::ProcHandle::host_view().or_throw("open /proc");
  // The handle is O_PATH, which cannot be listed.
  root_ = sys::open_at(handle.borrow(), ".", O_RDONLY | O_DIRECTORY).or_throw("open /proc");
}

std::vector<pid_t> ProcReader::processes() {
  std::vector<pid_t> all;
  all.reserve(kNames / 32);
  sys::DirectoryReader reader = entries_of(root());
  for (;;) {
    const std::string_view name = reader.next().or_throw("list /proc");
    if (name.empty()) break;
    if (name.front() > '9') continue;
    if (const auto pid = text::parse_number<pid_t>(name)) all.push_back(*pid);
  }
  std::ranges::sort(all);
  return all;
}

sys::SysResult<std::string_view> ProcReader::read(const ProcPath& path) noexcept {
  return sys::read_file_into(root(), path.c_str(), {text_.get(), kText});
}

sys::SysResult<std::string_view> ProcReader::link(sys::BorrowedFd dir, const char* name) noexcept {
  return sys::read_link_into(dir, name, {text_.get(), kText});
}

sys::SysResult<std::uint64_t> ProcReader::namespace_link(sys::BorrowedFd dir, const char* name) noexcept {
  const auto text = link(dir, name);
  if (!text.ok()) return sys::SysResult<std::uint64_t>::failed(text.err());
  const NamespaceName parsed = parse_namespace_name(text.value());
  return parsed.inode != 0 ? sys::SysResult(parsed.inode) : sys::SysResult<std::uint64_t>::failed(EINVAL);
}

sys::SysResult<sys::UniqueFd> ProcReader::open(const ProcPath& path, int flags) const noexcept {
  return sys::open_at(root(), path.c_str(), flags);
}

}  // namespace caisson::inspect
