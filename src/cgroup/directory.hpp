// What can be read from one open cgroup directory, the same way on v1 and v2: sub-cgroups, processes, frozen or not.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"
#include "sys/file.hpp"

namespace caisson::cgroup {

// What opening or reading says of a cgroup that somebody removed meanwhile.
bool has_gone(int error) noexcept;
// Paths of all cgroups below `top`, outermost first, relative to it; "." (itself) is the first one.
sys::SysResult<std::vector<std::string>> sub_cgroups(sys::BorrowedFd top);
// Appends the processes of `top` and everything below it. A cgroup that disappears meanwhile is skipped; so is a threaded one,
// whose processes are listed by the cgroup above it.
sys::SysStatus collect_pids(sys::BorrowedFd top, std::vector<pid_t>& pids);
// v2: cgroup.events says frozen; v1: freezer.state is not THAWED. A hierarchy without freezer: false.
bool frozen_in(sys::BorrowedFd directory, bool is_v2);
// The number behind "KEY " at the start of a line of a flat keyed file; 0 without it.
std::uint64_t keyed_value(std::string_view file, std::string_view key) noexcept;

}  // namespace caisson::cgroup
