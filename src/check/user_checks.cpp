// What forbids user namespaces, and ranges of subordinate ids.
#include <linux/capability.h>

#include <cerrno>

#include "base/text.hpp"
#include "check/advice.hpp"
#include "check/finding.hpp"

namespace caisson::check {
namespace {

constexpr std::uint32_t kUsualRange = 65536;

bool rootless_works(const Measured& measured) { return measured.trials.in_user[Trial::Mount].works(); }

Judgement unprivileged_clone(const Measured& measured) {
  const auto& value = measured.switches.unprivileged_clone;
  if (!value) return {.value = "absent"};
  if (*value != 0) return {.value = "1"};
  return {.state = State::Missing, .value = "0", .turn_on = set_sysctl(measured, "kernel.unprivileged_userns_clone", 1)};
}

Judgement apparmor_restriction(const Measured& measured) {
  const auto& value = measured.switches.apparmor_restrict;
  if (!value) return {.value = "absent"};
  if (*value == 0) return {.value = "0"};
  if (rootless_works(measured)) return {.value = text::join(*value, ", but this program has a profile that allows it")};
  return {.state = State::Missing,
          .value = text::join(*value, ": a profile for caisson with the rule \"userns,\" would do as well"),
          .turn_on = set_sysctl(measured, "kernel.apparmor_restrict_unprivileged_userns", 0)};
}

Judgement selinux(const Measured& measured) {
  if (!measured.security.selinux) return {.value = "off"};
  return {.value = measured.security.selinux_enforcing ? "enforcing" : "permissive"};
}

Judgement outer_filter(const Measured& measured) {
  if (!measured.caller.seccomp_filtered) return {.value = "none"};
  if (measured.trials.in_user[Trial::UserNamespace].works()) return {.value = "one that allows it"};
  return {.state = State::Limited, .value = "this program runs under one", .turn_on = nest_rootless(measured.outer)};
}

Judgement chroot_jail(const Measured& measured) {
  if (!seems_chrooted(measured)) return {.value = "no"};
  return {.state = State::Missing,
          .value = text::join("this program ", measured.caller.chrooted ? "is" : "seems to be",
                              " in one: the kernel forbids user namespaces there"),
          .turn_on = "run it outside of the chroot, or enter that directory by pivot_root"};
}

std::string give_ranges(const Measured& measured) {
  const std::string& name = measured.caller.name;
  const std::uint32_t first = measured.subordinates.next_free;
  if (measured.distribution.family == Family::Alpine)  // its usermod comes with a package of its own
    return text::join("echo ", name, ':', first, ':', kUsualRange, " | tee -a /etc/subuid >>/etc/subgid");
  const std::string range = text::join(first, '-', first + kUsualRange - 1);
  return text::join("usermod --add-subuids ", range, " --add-subgids ", range, ' ', name);
}

Judgement subordinate_ids(const Measured& measured) {
  const Subordinates& ids = measured.subordinates;
  if (measured.caller.uid == 0) {
    if (ids.people.empty()) return {.value = "root needs none; nobody else has any"};
    return {.value = text::join("root needs none; there are some for ", text::join_with(ids.people, " "))};
  }
  if (measured.caller.name.empty())
    return {.state = State::Limited,
            .value = text::join("uid ", measured.caller.uid, " has no entry in /etc/passwd: one id only")};
  if (ids.uids.empty() || ids.gids.empty())
    return {.state = State::Limited,
            .value = text::join("none for ", measured.caller.name, " in ", ids.uids.empty() ? "/etc/subuid" : "/etc/subgid",
                                ": a container has one id only"),
            .turn_on = give_ranges(measured)};
  const std::uint64_t count = ids.uids.front().count;
  const std::string value = text::join(count, " from ", ids.uids.front().first);
  if (count >= kUsualRange) return {.value = value};
  return {.state = State::Limited, .value = text::join(value, ": images use up to 65536"), .turn_on = give_ranges(measured)};
}

Judgement map_program(const Measured& measured, const MapProgram& program) {
  if (program.path.empty())
    return {.state = State::Missing,
            .value = "not in /usr/bin: a rootless container has one id only",
            .turn_on = install(measured.distribution.family, "newuidmap")};
  if (!program.set_user_id && !program.capability)
    return {.state = State::Missing,
            .value = text::join(program.path, " has neither the setuid bit nor a file capability"),
            .turn_on = text::join("chmod u+s ", program.path)};
  if (!program.nosuid_mount.empty())
    return {.state = State::Missing,
            .value = text::join(program.path, " gains no privilege: ", program.nosuid_mount, " is mounted nosuid"),
            .turn_on = text::join("mount -o remount,suid ", program.nosuid_mount)};
  if (measured.caller.no_new_privileges)
    return {.state = State::Limited,
            .value = text::join(program.path, " gains no privilege: this program runs with no_new_privs"),
            .turn_on = "start it without no_new_privs (of a systemd unit: NoNewPrivileges=no)"};
  return {.value = text::join(program.path, program.set_user_id ? ", setuid" : ", with a file capability")};
}

Judgement newuidmap(const Measured& measured) { return map_program(measured, measured.subordinates.newuidmap); }
Judgement newgidmap(const Measured& measured) { return map_program(measured, measured.subordinates.newgidmap); }

Judgement mapped_ranges(const Measured& measured) {
  const Attempt& attempt = measured.trials.map_ranges;
  if (attempt.works()) return {.value = "newuidmap and newgidmap mapped them"};
  if (measured.caller.uid == 0) return {.value = "root does that itself"};
  if (!attempt.failed()) return {.state = State::Limited, .value = "needs ranges, both programs and a user namespace"};
  if (measured.caller.no_new_privileges)
    return missing(attempt, "newuidmap is refused: this program runs with no_new_privs",
                   "start it without no_new_privs (of a systemd unit: NoNewPrivileges=no)");
  return missing(attempt, "newuidmap or newgidmap refused the first range", give_ranges(measured));
}

constexpr Check kUsers[] = {
    {.name = "users.unprivileged_userns_clone",
     .title = "kernel.unprivileged_userns_clone",
     .group = "policy",
     .needed = Needed::ForNothing,
     .judge = unprivileged_clone},
    {.name = "users.apparmor_restriction",
     .title = "kernel.apparmor_restrict_unprivileged_userns",
     .group = "policy",
     .needed = Needed::ForNothing,
     .judge = apparmor_restriction},
    {.name = "users.selinux", .title = "SELinux", .group = "policy", .needed = Needed::ForNothing, .judge = selinux},
    {.name = "users.seccomp",
     .title = "seccomp filter",
     .group = "policy",
     .needed = Needed::ForNothing,
     .judge = outer_filter},
    {.name = "users.chroot", .title = "chroot", .group = "policy", .needed = Needed::ForNothing, .judge = chroot_jail},
    {.name = "users.subordinate_ids",
     .title = "subordinate ids",
     .group = {},
     .needed = Needed::ForNothing,
     .judge = subordinate_ids},
    {.name = "users.newuidmap", .title = "newuidmap", .group = {}, .needed = Needed::ForNothing, .judge = newuidmap},
    {.name = "users.newgidmap", .title = "newgidmap", .group = {}, .needed = Needed::ForNothing, .judge = newgidmap},
    {.name = "users.map_ranges", .title = "mapping a range", .group = {}, .needed = Needed::Rootless, .judge = mapped_ranges},
};

}  // namespace

std::span<const Check> user_checks() noexcept { return kUsers; }

}  // namespace caisson::check
