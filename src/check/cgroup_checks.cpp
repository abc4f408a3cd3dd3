// Which cgroup hierarchies there are, and what this user may do in them.
#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "check/advice.hpp"
#include "check/finding.hpp"

namespace caisson::check {
namespace {

using cgroup::Mode;

constexpr std::string_view kWanted[] = {"cpu", "memory", "pids", "io"};

constexpr const char* kDelegate =
    "mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=yes\\n' "
    ">/etc/systemd/system/user@.service.d/delegate.conf && systemctl daemon-reload";

std::string use_v2(const Measured& measured) {
  if (measured.distribution.family == Family::Alpine)
    return on_host(measured, "rc_cgroup_mode=\"unified\" in /etc/rc.conf, and boot again");
  return on_host(measured, "boot with the kernel parameter systemd.unified_cgroup_hierarchy=1");
}

std::string hierarchies(const cgroup::CgroupFacts& facts) {
  std::vector<std::string> names;
  for (const cgroup::Hierarchy& one : facts.v1) names.push_back(one.controllers);
  return text::join_with(names, " ");
}

Judgement mode(const Measured& measured) {
  const Cgroups& cgroups = measured.cgroups;
  if (!cgroups.problem.empty()) return {.state = State::Missing, .value = cgroups.problem, .turn_on = {}};
  switch (cgroups.facts.mode) {
    case Mode::V2:
      return {.value = text::join("v2 at ", cgroups.facts.v2.mount_point)};
    case Mode::Hybrid:
      return {.value = text::join("hybrid: v1 for controllers, v2 at ", cgroups.facts.v2.mount_point)};
    case Mode::V1:
      return {.value = "v1"};
    case Mode::None:
      break;
  }
  return {.state = State::Missing,
          .value = "no cgroup file system is mounted: no limits, and no way to find all processes of a container",
          .turn_on = "mount -t cgroup2 cgroup2 /sys/fs/cgroup"};
}

bool on_v1(const Measured& measured, std::string_view controller) {
  return std::ranges::any_of(measured.cgroups.facts.v1, [&](const cgroup::Hierarchy& hierarchy) {
    const auto parts = text::split(hierarchy.controllers, ',');
    return std::ranges::find(parts, controller == "io" ? "blkio" : controller) != parts.end();
  });
}

Judgement controllers(const Measured& measured) {
  const Cgroups& cgroups = measured.cgroups;
  if (cgroups.facts.mode == Mode::None) return {.state = State::NotTried, .value = "no cgroup file system"};
  const auto on_v2 = text::split(cgroups.controllers, ' ');
  std::vector<std::string> lacking;
  for (const std::string_view wanted : kWanted)
    if (std::ranges::find(on_v2, wanted) == on_v2.end() && !on_v1(measured, wanted)) lacking.emplace_back(wanted);
  const std::string v1 = hierarchies(cgroups.facts);
  std::string value = v1.empty() ? cgroups.controllers : v1;
  if (!v1.empty() && !cgroups.controllers.empty()) value += text::join(", and on v2: ", cgroups.controllers);
  if (lacking.empty()) return {.value = value};
  value = text::join(value.empty() ? "none" : value, "; no limits on ", text::join_with(lacking, " "));
  if (measured.caller.uid != 0 && measured.distribution.family != Family::Alpine)
    return {.state = State::Limited, .value = value, .turn_on = on_host(measured, kDelegate)};
  return {.state = State::Limited,
          .value = value,
          .turn_on = on_host(measured, "take cgroup_disable= off the kernel parameters, and build the controllers in")};
}

Judgement refused_v1(const Measured& measured) {
  const Cgroups& cgroups = measured.cgroups;
  if (cgroups.refused.empty()) return {.value = "every hierarchy"};
  const std::string value = text::join("not in ", text::join_with(cgroups.refused, " "));
  if (measured.caller.uid != 0)
    return {.state = State::Limited, .value = text::join(value, ": v1 has no delegation"), .turn_on = use_v2(measured)};
  return {.state = State::Limited, .value = value, .turn_on = "mount -o remount,rw /sys/fs/cgroup"};
}

Judgement writable(const Measured& measured) {
  const Cgroups& cgroups = measured.cgroups;
  if (cgroups.facts.mode == Mode::None) return {.state = State::NotTried, .value = "no cgroup file system"};
  if (cgroups.facts.mode != Mode::V2) return refused_v1(measured);
  if (cgroups.access == 0) return {.value = cgroups.directory};
  Judgement refused{.state = State::Limited,
                    .value = text::join("not in ", cgroups.directory, ": ", words_of({.error = cgroups.access})),
                    .turn_on = {},
                    .error = cgroups.access};
  if (cgroups.access == EROFS)
    refused.turn_on = measured.outer == Outer::None ? "mount -o remount,rw /sys/fs/cgroup" : nest_rootful(measured.outer);
  else if (measured.caller.uid != 0 && measured.distribution.family != Family::Alpine)
    refused.turn_on = "systemd-run --user --scope -p Delegate=yes caisson run";
  else if (measured.caller.uid != 0)
    refused.turn_on = on_host(measured, text::join("mkdir /sys/fs/cgroup/", measured.caller.name, " && chown -R ",
                                                   measured.caller.name, " /sys/fs/cgroup/", measured.caller.name));
  else
    refused.turn_on = nest_rootful(measured.outer);
  return refused;
}

Judgement clone_into(const Measured& measured) {
  const Attempt& attempt = measured.trials.clone_into_cgroup;
  if (attempt.works()) return {.value = "a process can be born in a cgroup of v2"};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "needs cgroup v2"};
  // An answer that only the call's code for cgroups gives: it is there, and this cgroup is not the caller's to use.
  if (attempt.error == EACCES || attempt.error == EBUSY || attempt.error == EOPNOTSUPP)
    return {.value = text::join("known to the kernel; refused in this cgroup: ", words_of(attempt))};
  if (attempt.error == ENOSYS && measured.caller.seccomp_filtered)
    return missing(attempt, "a seccomp filter forbids clone3", nest_rootless(measured.outer));
  return missing(attempt, words_of(attempt), attempt.error == EINVAL ? newer_kernel("5.7") : std::string());
}

Judgement devices(const Measured& measured) {
  if (!measured.caller.real_root()) return {.state = State::NotTried, .value = "for root of the machine only"};
  if (on_v1(measured, "devices")) return {.value = "by the v1 hierarchy"};
  const Attempt& attempt = measured.trials.device_program;
  if (attempt.works()) return {.value = "by a program on cgroup v2"};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "no cgroup file system"};
  if (attempt.error == EPERM) return missing(attempt, words_of(attempt), nest_rootful(measured.outer));
  return missing(attempt, words_of(attempt), kernel_with("CONFIG_CGROUP_BPF"));
}

constexpr Check kCgroups[] = {
    {.name = "cgroups.mode", .title = "mode", .group = {}, .needed = Needed::Both, .judge = mode},
    {.name = "cgroups.controllers", .title = "controllers", .group = {}, .needed = Needed::ForNothing, .judge = controllers},
    {.name = "cgroups.writable", .title = "writable", .group = {}, .needed = Needed::ForNothing, .judge = writable},
    {.name = "cgroups.clone_into",
     .title = "clone3 into a cgroup",
     .group = {},
     .needed = Needed::ForNothing,
     .judge = clone_into},
    {.name = "cgroups.devices", .title = "device rules", .group = {}, .needed = Needed::ForNothing, .judge = devices},
};

}  // namespace

std::span<const Check> cgroup_checks() noexcept { return kCgroups; }

}  // namespace caisson::check
