#include "inspect/nsfs_mounts.hpp"

#include "inspect/proc_reader.hpp"
#include "mount/mountinfo.hpp"

namespace caisson::inspect {

std::vector<NsfsMount> nsfs_mounts(std::string_view mountinfo) {
  std::vector<NsfsMount> out;
  while (!mountinfo.empty()) {
    const std::size_t end = mountinfo.find('\n');
    const std::string_view line = mountinfo.substr(0, end);
    mountinfo.remove_prefix(end == std::string_view::npos ? mountinfo.size() : end + 1);
    // Nearly no line of a long table is of interest: only those are taken apart.
    if (line.find(" - nsfs ") == std::string_view::npos) continue;
    for (mount::MountInfo& mount : mount::parse_mountinfo(line)) {
      const NamespaceName name = parse_namespace_name(mount.root);
      if (name.inode != 0) out.push_back({std::string(name.kind), name.inode, std::move(mount.mount_point)});
    }
  }
  return out;
}

}  // namespace caisson::inspect
