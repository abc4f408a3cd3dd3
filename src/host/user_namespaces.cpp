#include "host/user_namespaces.hpp"

#include <linux/sched.h>

#include "base/text.hpp"
#include "host/subordinate_ids.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::host {
namespace {

constexpr std::uint64_t kInitialUserNamespace = 4026531837;  // PROC_USER_INIT_INO, the same on every kernel
constexpr std::size_t kMaxAccountFile = std::size_t{16} << 20;

std::string read_if_there(const char* path) { return sys::read_file(sys::kCwd, path, kMaxAccountFile).value_or({}); }

std::optional<std::uint64_t> read_switch(const char* path) {
  const auto content = sys::read_file(sys::kCwd, path);
  if (!content.ok()) return std::nullopt;
  return text::parse_number<std::uint64_t>(text::trim(content.value()));
}

// Absolute places only: a program found by PATH could be anybody's, and it is to run with privileges.
std::string find_map_program(std::string_view name) {
  for (const std::string_view directory : {"/usr/bin/", "/bin/"}) {
    std::string path = text::join(directory, name);
    const auto status = sys::status_at(sys::kCwd, path.c_str());
    if (status.ok() && status.value().is_regular() && (status.value().mode & 0111) != 0) return path;
  }
  return {};
}

}  // namespace

// By a pidfd, where no directory of procfs has to be made for the link.
sys::SysResult<bool> is_in_initial_user_namespace(const sys::Pidfd* self) {
  if (self != nullptr)
    if (const auto own = sys::namespace_of(*self, CLONE_NEWUSER); own.ok())
      if (const auto status = sys::status_of_fd(own.value().borrow()); status.ok())
        return status.value().inode == kInitialUserNamespace;
  const auto own = sys::read_link(sys::kCwd, "/proc/self/ns/user");
  if (!own.ok()) return sys::SysResult<bool>::failed(own.err());
  return own.value() == text::join("user:[", kInitialUserNamespace, "]");
}

std::string forbidden_because(const UserNamespaceSwitches& switches, bool privileged) {
  if (switches.max_user_namespaces == std::uint64_t{0})
    return "user namespaces are turned off by sysctl user.max_user_namespaces=0 (turn on: sysctl -w "
           "user.max_user_namespaces=15000)";
  if (privileged) return {};
  if (switches.unprivileged_clone == std::uint64_t{0})
    return "user namespaces are for root only by sysctl kernel.unprivileged_userns_clone=0 "
           "(turn on: sysctl -w kernel.unprivileged_userns_clone=1)";
  if (switches.apparmor_restrict.value_or(0) != 0)
    return "AppArmor takes all capabilities away in user namespaces of ordinary users by sysctl "
           "kernel.apparmor_restrict_unprivileged_userns=1 (allow: give caisson an AppArmor profile with \"userns,\", or set "
           "it to 0)";
  return {};
}

UserNamespaceFacts probe_user_namespaces(std::uint32_t euid, bool privileged) {
  UserNamespaceFacts facts;
  facts.user_name = user_name_of(read_if_there("/etc/passwd"), euid);
  facts.subordinate_uids = parse_subordinate_ids(read_if_there("/etc/subuid"), facts.user_name, euid);
  // Both files name the user, never the group (man 5 subgid).
  facts.subordinate_gids = parse_subordinate_ids(read_if_there("/etc/subgid"), facts.user_name, euid);
  facts.newuidmap = find_map_program("newuidmap");
  facts.newgidmap = find_map_program("newgidmap");
  facts.forbidden_because =
      forbidden_because({.unprivileged_clone = read_switch("/proc/sys/kernel/unprivileged_userns_clone"),
                         .max_user_namespaces = read_switch("/proc/sys/user/max_user_namespaces"),
                         .apparmor_restrict = read_switch("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")},
                        privileged);
  return facts;
}

}  // namespace caisson::host
