// Machines as `caisson check` would have measured them.
#pragma once

#include <cerrno>
#include <string>

#include "check/measure.hpp"
#include "check/report.hpp"

namespace caisson::check {

inline constexpr std::uint64_t kEveryCapability = (std::uint64_t{1} << 41) - 1;

inline void set_all(Attempts& attempts, int error) {
  for (Attempt& one : attempts.all) one = {.error = error, .signal = 0};
}

// Root on a machine that lacks nothing.
inline Measured whole_machine() {
  Measured made;
  made.caller = {.uid = 0, .name = "root", .capabilities = kEveryCapability, .locked_memory = 8 << 20};
  made.distribution = {Family::Debian, "Debian GNU/Linux 12 (bookworm)"};
  made.release = "6.19.0-amd64";
  made.kernel = {6, 19};
  made.switches.max_user_namespaces = 60000;
  for (NamespaceLimit& limit : made.limits) limit = {.most = 60000, .seen = 3};
  made.subordinates.newuidmap = {.path = "/usr/bin/newuidmap", .set_user_id = true};
  made.subordinates.newgidmap = {.path = "/usr/bin/newgidmap", .set_user_id = true};
  made.cgroups.facts = {.mode = cgroup::Mode::V2, .v2 = {"/sys/fs/cgroup", "", "/"}, .v1 = {}};
  made.cgroups.controllers = "cpuset cpu io memory hugetlb pids";
  made.cgroups.directory = "/sys/fs/cgroup";
  made.security.modules = "lockdown,capability,landlock,yama,apparmor";
  set_all(made.trials.alone, 0);
  set_all(made.trials.in_user, 0);
  made.trials.in_user_uid = 65534;
  made.trials.nesting = 32;
  made.trials.nesting_end = {.error = ENOSPC};
  for (Attempt* one : {&made.trials.clone_into_cgroup, &made.trials.seccomp_filter, &made.trials.seccomp_listener,
                       &made.trials.device_program})
    *one = {.error = 0};
  Calls& calls = made.calls;
  for (Attempt* one : {&calls.clone3, &calls.close_range, &calls.openat2, &calls.fsopen, &calls.statmount, &calls.listns,
                       &calls.pidfd_open, &calls.pidfd_send_signal, &calls.pidfd_getfd, &calls.pidfd_info,
                       &calls.pidfd_namespace, &calls.namespace_id, &calls.namespace_handle, &calls.landlock, &calls.tun})
    *one = {.error = 0};
  calls.landlock_version = 7;
  made.binfmt = "/proc/sys/fs/binfmt_misc";
  for (const std::string_view tool : kTools) made.tools.emplace_back(tool, "/usr/bin/" + std::string(tool));
  return made;
}

// The same for an ordinary user with 65536 subordinate ids, below his own systemd.
inline Measured whole_machine_of_user() {
  Measured made = whole_machine();
  made.caller = {.uid = 1000, .name = "ada", .locked_memory = 8 << 20};
  made.subordinates.uids = made.subordinates.gids = {{.first = 100000, .count = 65536}};
  made.subordinates.next_free = 165536;
  made.cgroups.controllers = "cpu io memory pids";
  made.cgroups.directory = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service";
  set_all(made.trials.alone, EPERM);
  made.trials.alone[Trial::UserNamespace] = {.error = 0};
  made.trials.in_user[Trial::BecomeOrdinary] = {};
  made.trials.in_user_uid = 1000;
  made.trials.device_program = {};
  made.trials.map_ranges = {.error = 0};
  return made;
}

inline void forbid_user_namespaces(Measured& machine, int error) {
  set_all(machine.trials.in_user, Attempt::kNotTried);
  machine.trials.in_user[Trial::UserNamespace] = {.error = error};
  machine.trials.nesting = 0;
  machine.trials.nesting_end = {};
  machine.trials.map_ranges = {};
}

inline const Judgement& about(const Report& report, std::string_view name) {
  for (const Finding& finding : report.findings)
    if (finding.check->name == name) return finding.judged;
  throw std::string(name) + " is not a check";
}

}  // namespace caisson::check
