// Namespace files that are mounted where the caller does not get at them by their path: in a mount namespace that no process is
// in, or below another mount. A short-lived child goes there and opens them; it shares the table of descriptors. Needs
// CAP_SYS_ADMIN.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sys/fd.hpp"

namespace caisson::inspect {

// Each mount namespace of the kernel's list that the caller has CAP_SYS_ADMIN over, until `visit` says that it has seen enough
// by false. Those too that no process is in. None before Linux 6.12.
void for_each_mount_namespace(const std::function<bool(sys::BorrowedFd fd, std::uint64_t inode)>& visit);

// mount_namespace: an inode; 0: the caller's own. Not valid when the namespace cannot be had.
sys::NamespaceFd open_hidden_mount(std::uint64_t mount_namespace, const std::string& path, std::uint64_t inode);

}  // namespace caisson::inspect
