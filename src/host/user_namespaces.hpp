// Whether this user may make a user namespace, and which setting forbids it if not. Distributions have three different
// switches; the text names the one that is off and how to turn it on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/facts.hpp"
#include "sys/result.hpp"

namespace caisson::host {

// Values of the sysctls; absent: the kernel has no such file.
struct UserNamespaceSwitches {
  std::optional<std::uint64_t> unprivileged_clone;   // kernel.unprivileged_userns_clone (Debian's patch)
  std::optional<std::uint64_t> max_user_namespaces;  // user.max_user_namespaces
  std::optional<std::uint64_t> apparmor_restrict;    // kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10)
};
// Empty when nothing forbids it. privileged: the caller has CAP_SYS_ADMIN.
std::string forbidden_because(const UserNamespaceSwitches& switches, bool privileged);

// Whether the caller is in the first user namespace of the machine. self: of the caller, if it is open; from 6.11 it tells
// without /proc. Fails only where it does not and /proc is not there.
sys::SysResult<bool> is_in_initial_user_namespace(const sys::Pidfd* self = nullptr);

UserNamespaceFacts probe_user_namespaces(std::uint32_t euid, bool privileged);

}  // namespace caisson::host
