#include "cgroup/directory.hpp"

#include <dirent.h>

#include <cerrno>

#include "base/text.hpp"
#include "cgroup/place.hpp"

namespace caisson::cgroup {
bool has_gone(int error) noexcept { return error == ENOENT || error == ENODEV; }

sys::SysResult<std::vector<std::string>> sub_cgroups(sys::BorrowedFd top) {
  std::vector<std::string> paths{"."};
  for (std::size_t next = 0; next < paths.size(); ++next) {
    const auto directory = open_below(top, paths[next].c_str());
    if (has_gone(directory.err())) continue;
    if (!directory.ok()) return sys::SysResult<std::vector<std::string>>::failed(directory.err());
    const auto entries = sys::list_dir(directory.value().borrow());
    if (has_gone(entries.err())) continue;
    if (!entries.ok()) return sys::SysResult<std::vector<std::string>>::failed(entries.err());
    const std::string prefix = next == 0 ? std::string() : paths[next] + "/";
    for (const sys::DirEntry& entry : entries.value())
      if (entry.type == DT_DIR) paths.push_back(prefix + entry.name);
  }
  return paths;
}

sys::SysStatus collect_pids(sys::BorrowedFd top, std::vector<pid_t>& pids) {
  const auto paths = sub_cgroups(top);
  if (!paths.ok()) return sys::SysStatus::failed(paths.err());
  for (const std::string& path : paths.value()) {
    const auto list = sys::read_file(top, text::join(path, "/cgroup.procs").c_str());
    if (has_gone(list.err()) || list.err() == EOPNOTSUPP) continue;
    if (!list.ok()) return sys::SysStatus::failed(list.err());
    for (const std::string_view line : text::split(list.value(), '\n'))
      if (const auto pid = text::parse_number<pid_t>(line)) pids.push_back(*pid);
  }
  return sys::Unit{};
}

bool frozen_in(sys::BorrowedFd directory, bool is_v2) {
  if (is_v2) return keyed_value(sys::read_file(directory, "cgroup.events").value_or({}), "frozen") != 0;
  const std::string state = sys::read_file(directory, "freezer.state").value_or({});
  return !state.empty() && text::trim(state) != "THAWED";
}

std::uint64_t keyed_value(std::string_view file, std::string_view key) noexcept {
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    const std::string_view line = file.substr(at, end - at);
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ')
      return text::parse_number<std::uint64_t>(line.substr(key.size() + 1)).value_or(0);
    at = end + 1;
  }
  return 0;
}

}  // namespace caisson::cgroup
