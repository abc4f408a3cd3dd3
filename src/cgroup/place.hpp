// One directory in one cgroup hierarchy: what a plan names, a record keeps and every later command works on. The mount point
// and the path below it stay apart, so that the path is always resolved confined below the mount point.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::cgroup {

struct Place {
  std::string mount_point;
  std::string path;         // relative, clean, without ".."; empty is the root of the hierarchy
  std::string controllers;  // "cpu,cpuacct", "name=systemd"; empty: v2

  bool is_v2() const noexcept { return controllers.empty(); }
  // Whether `name` is one of the controllers of this hierarchy.
  bool has_controller(std::string_view name) const noexcept;
  std::string directory() const { return path.empty() ? mount_point : text::join(mount_point, "/", path); }
};

// Whether a process that enters all of these may come to other CPUs: one has the cpuset controller, or all are version 2.
bool have_cpus_of_their_own(std::span<const Place> places) noexcept;

// Opens the directory below the mount point: no symbolic link, no ".." and no other mount on the way.
sys::SysResult<sys::UniqueFd> open_place(const Place& place) noexcept;
sys::SysResult<sys::UniqueFd> open_below(sys::BorrowedFd mount, const char* path) noexcept;

}  // namespace caisson::cgroup
