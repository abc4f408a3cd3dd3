#include "check/measure.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "check/surroundings.hpp"
#include "check/trials.hpp"
#include "host/find_program.hpp"
#include "host/subordinate_ids.hpp"
#include "host/user_namespaces.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"
#include "sys/kernel_features.hpp"
#include "sys/process.hpp"

namespace caisson::check {
namespace {

template <class Result>
Attempt attempt(const Result& result) {
  return {.error = result.err(), .signal = 0};
}

std::string read(const char* path) { return sys::read_file(sys::kCwd, path, std::size_t{16} << 20).value_or({}); }

std::optional<std::uint64_t> read_number(const char* path) { return text::parse_number<std::uint64_t>(text::trim(read(path))); }

// For root the root directory can be compared with that of process 1; for others only a chroot into the middle of a mount
// shows.
bool is_chrooted(std::string_view mountinfo) {
  if (!mountinfo.empty() && chrooted_by(mountinfo)) return true;
  const auto own_mounts = sys::read_link(sys::kCwd, "/proc/self/ns/mnt");
  const auto first_mounts = sys::read_link(sys::kCwd, "/proc/1/ns/mnt");
  if (!own_mounts.ok() || !first_mounts.ok() || own_mounts.value() != first_mounts.value()) return false;
  const auto own = sys::open_at(sys::kCwd, "/", O_PATH | O_DIRECTORY);
  const auto first = sys::open_at(sys::kCwd, "/proc/1/root", O_PATH | O_DIRECTORY);
  if (!own.ok() || !first.ok()) return false;
  const auto one = sys::status_of_fd(own.value().borrow());
  const auto other = sys::status_of_fd(first.value().borrow());
  return one.ok() && other.ok() && (one.value().inode != other.value().inode || one.value().mount_id != other.value().mount_id);
}

Caller look_at_caller(std::string_view mountinfo) {
  Caller caller;
  caller.uid = sys::effective_uid();
  caller.name = host::user_name_of(read("/etc/passwd"), caller.uid);
  caller.capabilities = sys::get_capabilities().or_throw("read the capabilities of this process").effective;
  caller.initial_user_namespace = host::is_in_initial_user_namespace().value_or(true);
  caller.no_new_privileges = sys::process_control_value(PR_GET_NO_NEW_PRIVS).value_or(0) == 1;
  caller.seccomp_filtered = sys::process_control_value(PR_GET_SECCOMP).value_or(0) != 0;
  caller.chrooted = is_chrooted(mountinfo);
  caller.locked_memory = sys::get_resource_limit(0, RLIMIT_MEMLOCK).or_throw("read RLIMIT_MEMLOCK").rlim_cur;
  return caller;
}

Attempt open_tun() { return attempt(sys::open_at(sys::kCwd, "/dev/net/tun", O_RDWR | O_NONBLOCK)); }

Calls ask_calls() {
  Calls calls;
  calls.clone3 = attempt(sys::ask_clone3());
  calls.close_range = attempt(sys::ask_close_range());
  calls.openat2 = attempt(sys::ask_open_in_root());
  calls.fsopen = attempt(sys::ask_fs_open());
  calls.statmount = attempt(sys::ask_statmount());
  calls.listns = attempt(sys::ask_list_namespaces());
  const auto landlock = sys::landlock_version();
  calls.landlock = attempt(landlock);
  if (landlock.ok()) calls.landlock_version = landlock.value();
  const auto self = sys::open_pidfd(sys::process_id());
  calls.pidfd_open = attempt(self);
  if (self.ok()) {
    calls.pidfd_send_signal = attempt(sys::send_signal(self.value(), 0));
    calls.pidfd_getfd = attempt(sys::descriptor_of(self.value(), self.value().borrow().get()));
    calls.pidfd_info = attempt(sys::ask_pidfd_info(self.value()));
    calls.pidfd_namespace = attempt(sys::ask_pidfd_namespace(self.value()));
  }
  if (const auto uts = sys::open_at(sys::kCwd, "/proc/self/ns/uts", O_RDONLY); uts.ok()) {
    calls.namespace_id = attempt(sys::ask_namespace_id(uts.value().borrow()));
    calls.namespace_handle = attempt(sys::ask_namespace_handle(uts.value().borrow()));
  }
  calls.tun = open_tun();
  return calls;
}

std::string binfmt_place(std::string_view mountinfo) {
  for (const mount::MountInfo& mount : mount::parse_mountinfo(mountinfo))
    if (mount.type == "binfmt_misc") return mount.mount_point;
  return {};
}

bool any_failed(const Measured& measured) {
  for (const Attempts* attempts : {&measured.trials.alone, &measured.trials.in_user})
    for (const Attempt& one : attempts->all)
      if (one.failed()) return true;
  return measured.calls.landlock.failed() || measured.calls.tun.failed() || !measured.trials.seccomp_filter.works();
}

std::string own_v2_cgroup(const Cgroups& cgroups) {
  const cgroup::Hierarchy& v2 = cgroups.facts.v2;
  return v2.mount_point.empty() || v2.own == "/" ? v2.mount_point : v2.mount_point + v2.own;
}

}  // namespace

Measured measure() {
  Measured found;
  const std::string mountinfo = read("/proc/self/mountinfo");
  found.caller = look_at_caller(mountinfo);
  found.distribution = read_distribution();
  found.outer = read_outer();
  found.release = sys::host_name().or_throw("read the kernel release").release;
  found.kernel = host::parse_kernel_release(found.release);
  found.procfs = sys::filesystem_magic_at("/proc").value_or(0) == sys::abi::kProcSuperMagic;
  found.proc_covered = covers_of(mountinfo, "/proc");
  found.sys_covered = covers_of(mountinfo, "/sys");
  found.switches = {.unprivileged_clone = read_number("/proc/sys/kernel/unprivileged_userns_clone"),
                    .max_user_namespaces = read_number("/proc/sys/user/max_user_namespaces"),
                    .apparmor_restrict = read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")};
  found.limits = read_limits();
  found.subordinates = read_subordinates(found.caller.uid, found.caller.name, mountinfo);
  found.cgroups = read_cgroups(found.caller.uid);
  found.security = read_security();
  found.calls = ask_calls();
  found.binfmt = binfmt_place(mountinfo);
  for (const std::string_view tool : kTools) found.tools.emplace_back(tool, host::find_program(tool));
  found.trials = run_trials({.real_root = found.caller.real_root(),
                             .uid = found.caller.uid,
                             .gid = sys::effective_gid(),
                             .subordinates = found.subordinates,
                             .cgroup = own_v2_cgroup(found.cgroups)});
  if (any_failed(found)) found.config = read_kernel_config(found.release);
  return found;
}

}  // namespace caisson::check
