// A user namespace that only carries id maps: the kernel maps the ids of a mount by one (man 2 mount_setattr,
// MOUNT_ATTR_IDMAP). No process stays in it; it lives as long as its descriptor, or a mount that was mapped by it.
#pragma once

#include <vector>

#include "spec/spec.hpp"
#include "sys/fd.hpp"

namespace caisson::ns {

// Needs CAP_SETUID and CAP_SETGID for the ids outside. proc is a procfs root of the caller's pid namespace.
sys::NamespaceFd make_mapped_namespace(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids,
                                       sys::BorrowedFd proc);

}  // namespace caisson::ns
