// A root filesystem under the private /tmp of in_namespaces(), and the steps of a config put on it.
#pragma once

#include <string>
#include <vector>

#include "kernel/in_namespaces.hpp"
#include "mount/attach.hpp"
#include "mount/mountinfo.hpp"
#include "mount/root.hpp"

namespace caisson::test {

inline constexpr const char* kRoot = "/tmp/root";

inline void make_dir(const std::string& path, mode_t mode = 0755) {
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) throw Failed{"mkdir " + path + ": " + std::strerror(errno)};
}
inline void make_link(const std::string& target, const std::string& path) {
  if (::symlink(target.c_str(), path.c_str()) != 0) throw Failed{"symlink " + path + ": " + std::strerror(errno)};
}
inline void make_file(const std::string& path, const std::string& text, mode_t mode = 0644) {
  const auto fd = sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode).or_throw("make ", path);
  sys::write_full(fd.borrow(), text).or_throw("write ", path);
}
inline int errno_of_writing(const std::string& path) {
  return sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT, 0644).err();
}

inline mount::RootStep root_step() { return {.rootfs = kRoot, .propagation = mount::propagation_of("")}; }

inline sys::RootDir fresh_root() {
  make_dir(kRoot);
  mount::set_propagation(root_step());
  return mount::attach_root(root_step());
}

inline spec::Mount entry(std::string destination, std::string type, std::string source, std::vector<std::string> options = {}) {
  return {.destination = std::move(destination),
          .type = std::move(type),
          .source = std::move(source),
          .options = std::move(options),
          .uid_mappings = {},
          .gid_mappings = {}};
}

inline std::vector<mount::MountStep> steps_of(const spec::Mount& mount, As as, bool network_namespace = true) {
  const std::vector<spec::IdMapping> map{{.container_id = 0, .host_id = kOrdinaryUser, .size = 1}};
  return mount::plan_mount(mount, 0,
                           {.bundle = "/tmp",
                            .rootfs = kRoot,
                            .user_namespace = as == As::User,
                            .network_namespace = network_namespace,
                            .cgroup_namespace = true,
                            .uid_mappings = map,
                            .gid_mappings = map,
                            .mount_label = {},
                            .cgroup = {}});
}

// Plans and attaches; the result is what readonly_at_end needs.
inline sys::MountFd put(const sys::RootDir& root, const spec::Mount& mount, As as = As::Root, bool network_namespace = true) {
  sys::MountFd last;
  for (const mount::MountStep& step : steps_of(mount, as, network_namespace)) last = mount::attach(step, root);
  return last;
}

inline std::vector<mount::MountInfo> own_mounts() { return mount::parse_mountinfo(read_text("/proc/self/mountinfo")); }

inline mount::MountInfo mount_at(const std::string& path) {
  mount::MountInfo found;
  for (const auto& candidate : own_mounts())
    if (candidate.mount_point == path) found = candidate;
  if (found.mount_point.empty()) throw Failed{"nothing is mounted on " + path};
  return found;
}

}  // namespace caisson::test
