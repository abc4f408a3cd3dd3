// One namespace found by its number among those that the caller may see, with the rights that the kernel asks for anyway: by
// processes, then bind mounts of the caller's mount namespace, then open descriptors.
#pragma once

#include <cstdint>
#include <optional>

#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

struct FoundNamespace {
  ns::Type type = ns::Type::User;
  sys::NamespaceFd fd;
};

std::optional<FoundNamespace> find_by_inode(ns::Type type, std::uint64_t inode);

// Throws Error{Host} on kernels that number no namespaces (before 6.18).
std::optional<FoundNamespace> find_by_id(std::uint64_t id);

}  // namespace caisson::inspect
