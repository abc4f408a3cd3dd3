#include "launch/unshare_hints.hpp"

#include <linux/capability.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/user_namespaces.hpp"
#include "mount/mountinfo.hpp"
#include "ns/kinds.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;

std::string forbidden_user_namespaces() {
  const auto sets = sys::get_capabilities();
  const bool privileged = sets.ok() && (sets.value().effective >> CAP_SYS_ADMIN & 1) != 0;
  return host::probe_user_namespaces(sys::effective_uid(), privileged).forbidden_because;
}

std::string limit_hint(const plan::UnsharePlan& plan) {
  std::string limits;
  for (const ns::Kind& kind : ns::kKinds) {
    if (!plan.creates(kind.type)) continue;
    const std::string path = text::join("/proc/sys/user/max_", kind.proc, "_namespaces");
    const auto content = sys::read_file(sys::kCwd, path.c_str());
    if (!content.ok()) continue;
    const std::string_view number = text::trim(content.value());
    if (number == "0")
      return text::join(path, " is 0: write a number there, as in sysctl -w user.max_", kind.proc, "_namespaces=15000");
    limits += text::join(limits.empty() ? "" : ", ", path, " (", number, ")");
  }
  return text::join("a limit is reached: ", limits,
                    ", here or in a user namespace around this one; or user or pid namespaces are "
                    "nested 32 deep");
}

std::string missing_kinds(const plan::UnsharePlan& plan) {
  std::string missing;
  for (const ns::Kind& kind : ns::kKinds) {
    const std::string path = text::join("/proc/self/ns/", kind.proc);
    if (plan.creates(kind.type) && sys::read_link(sys::kCwd, path.c_str()).err() == ENOENT)
      missing += text::join(missing.empty() ? "" : ", ", kind.oci);
  }
  return missing.empty() ? missing : text::join("this kernel has no namespaces of kind ", missing);
}

// What is mounted below /proc hides something there; the kernel then refuses a procfs that would show it again.
std::string masks_of_proc() {
  const auto table = sys::read_file(sys::kCwd, "/proc/self/mountinfo");
  if (!table.ok()) return {};
  constexpr std::size_t kMostShown = 4;
  std::size_t found = 0;
  std::string masks;
  for (const mount::MountInfo& mount : mount::parse_mountinfo(table.value())) {
    if (!mount.mount_point.starts_with("/proc/") || ++found > kMostShown) continue;
    masks += text::join(masks.empty() ? "" : ", ", text::quoted(mount.mount_point));
  }
  if (found > kMostShown) masks += text::join(" and ", found - kMostShown, " more");
  return masks;
}

std::string unmapped(std::string_view what, std::uint32_t id, std::string_view option) {
  return text::join(what, ' ', id, " is not mapped in the new user namespace: map it with ", option,
                    "=INSIDE:OUTSIDE:COUNT, or all subordinate ids with --map-auto");
}

}  // namespace

std::string unshare_hint(const plan::UnsharePlan& plan, int errno_value) {
  if (errno_value == ENOSPC || errno_value == EUSERS) return limit_hint(plan);
  if (errno_value == EINVAL) return missing_kinds(plan);
  if (errno_value != EPERM) return {};
  if (!plan.creates(Type::User)) return "it needs CAP_SYS_ADMIN: run it as root, or add --user --map-root-user (-Ur)";
  const std::string forbidden = forbidden_user_namespaces();
  if (!forbidden.empty()) return forbidden;
  return "user namespaces are forbidden inside a chroot, for a user that the namespace around does not map, and by seccomp "
         "filters as "
         "that of Docker (there: docker run --security-opt seccomp=unconfined)";
}

std::string fork_hint(int errno_value) {
  if (errno_value == ENOMEM)
    return "PID 1 of the pid namespace that children are born into has ended, so it takes no new process; make a new one with "
           "--pid";
  if (errno_value == EAGAIN) return "a process limit is reached: pids.max of a cgroup, or RLIMIT_NPROC of this user";
  return {};
}

std::string proc_hint(const plan::UnsharePlan& plan, int errno_value) {
  if (errno_value == ENOENT || errno_value == ENOTDIR) return text::join(plan.proc, " must be a directory that exists");
  if (errno_value != EPERM && errno_value != EACCES) return {};
  if (!plan.creates(Type::Pid) || !plan.fork)
    return "a procfs shows the pid namespace of who mounts it, which must belong to the new user namespace: add --pid --fork "
           "(-pf)";
  if (const std::string forbidden = forbidden_user_namespaces(); !forbidden.empty()) return forbidden;
  const std::string masks = masks_of_proc();
  if (masks.empty())
    return "the kernel allows a new procfs in a user namespace only where one is mounted that nothing covers, and shows no "
           "more than that "
           "one: without /proc, or with a read-only /proc, there is none";
  return text::join("mounts below /proc hide files that a new procfs would show (mount too revealing): ", masks,
                    "; unmount them, or in a container ask for a /proc without masks");
}

std::string map_hint(const plan::UnsharePlan& plan, std::string_view file, int errno_value) {
  if (errno_value == EROFS)
    return "/proc is read-only here, as in most containers: it must be writable to set up a user namespace";
  if (errno_value == EINVAL)
    return "ranges must not overlap, inside or outside, and must end below 4294967295; the kernel takes 340 lines";
  if (errno_value != EPERM && errno_value != EACCES) return {};
  const bool groups_file = file.ends_with("setgroups");
  if (groups_file && !plan.creates(Type::User)) return "--setgroups is about a new user namespace: add --user (-U)";
  if (groups_file && plan.setgroups == plan::Setgroups::Allow)
    return "setgroups(2) is denied in the user namespace around this one, or has just been denied for a map of one group";
  if (const std::string forbidden = forbidden_user_namespaces(); !forbidden.empty()) return forbidden;
  return "ids other than your own need CAP_SETUID and CAP_SETGID where the ids outside are (and CAP_SETFCAP for id 0), or "
         "ranges in "
         "/etc/subuid and /etc/subgid (--map-auto)";
}

std::string setgroups_hint(const plan::UnsharePlan& plan, int errno_value) {
  if (errno_value != EPERM) return {};
  if (plan.own_gid || plan.setgroups == plan::Setgroups::Deny)
    return "--setgid drops supplementary groups, and a map of the own group alone denies setgroups(2): map ranges with "
           "--map-groups or "
           "--map-auto, or leave --setgid out";
  if (plan.creates(Type::User) && plan.gid_map.empty())
    return "--setgid drops supplementary groups, which needs a group map: add --map-groups or --map-auto";
  return "it needs CAP_SETGID";
}

std::string setgid_hint(const plan::UnsharePlan& plan, int errno_value) {
  if (errno_value == EINVAL) return unmapped("group", plan.gid.value_or(0), "--map-groups");
  return errno_value == EPERM ? "it needs CAP_SETGID" : "";
}

std::string setuid_hint(const plan::UnsharePlan& plan, int errno_value) {
  if (errno_value == EINVAL) return unmapped("user", plan.uid.value_or(0), "--map-users");
  return errno_value == EPERM ? "it needs CAP_SETUID" : "";
}

std::string file_hint(const plan::UnsharePlan& plan, const plan::NamespaceFile& file, int errno_value) {
  if (errno_value == ENOENT && file.type == Type::Pid && !plan.fork)
    return "a pid namespace can be kept once it has a process: add --fork (-f)";
  if (errno_value == ENOENT) return text::join("the file must exist: touch ", text::quoted(file.path));
  if (errno_value == EINVAL && file.type == Type::Mount)
    return "the file must be on a mount that is not shared: mount --bind DIR DIR; mount --make-private DIR, and name a file in "
           "DIR";
  if (errno_value == EPERM)
    return "a bind mount needs CAP_SYS_ADMIN in the user namespace that owns the caller's mount namespace";
  return {};
}

}  // namespace caisson::launch
