#include "check/report.hpp"

#include <linux/capability.h>

#include <array>

#include "base/text.hpp"

namespace caisson::check {
namespace {

Verdict verdict_on(const std::vector<Finding>& findings, Needed which) {
  Verdict verdict;
  std::vector<std::string> untried;  // mostly what hangs on something that is missing itself
  for (const Finding& finding : findings) {
    const State state = finding.judged.state;
    if (!has(finding.check->needed, which) || state == State::Ok || state == State::Limited) continue;
    (state == State::Missing ? verdict.lacking : untried).emplace_back(finding.check->name);
  }
  verdict.can = verdict.lacking.empty() && untried.empty();
  if (verdict.lacking.empty()) verdict.lacking = std::move(untried);
  return verdict;
}

std::string not_root(const Caller& caller) {
  if (caller.uid != 0) return text::join("only root can run them, and this is uid ", caller.uid);
  return "only root of the machine can run them, and this is root of a user namespace";
}

}  // namespace

std::string_view area_name(Area area) noexcept {
  static constexpr std::array<std::string_view, 8> kNames{"kernel", "namespaces", "users",    "cgroups",
                                                          "mounts", "processes",  "security", "network"};
  return kNames[static_cast<std::size_t>(area)];
}

std::string_view state_name(State state) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"ok", "limited", "missing", "not-tried"};
  return kNames[static_cast<std::size_t>(state)];
}

std::span<const CheckList> all_checks() noexcept {
  static const std::array<CheckList, 8> kLists{{
      {Area::Kernel, kernel_checks()},
      {Area::Namespaces, namespace_checks()},
      {Area::Users, user_checks()},
      {Area::Cgroups, cgroup_checks()},
      {Area::Mounts, mount_checks()},
      {Area::Processes, process_checks()},
      {Area::Security, security_checks()},
      {Area::Network, network_checks()},
  }};
  return kLists;
}

Report judge(const Measured& measured) {
  Report report;
  for (const CheckList& list : all_checks())
    for (const Check& check : list.checks) report.findings.push_back({list.area, &check, check.judge(measured)});
  report.rootless = verdict_on(report.findings, Needed::Rootless);
  if (measured.caller.real_root()) {
    report.rootful = verdict_on(report.findings, Needed::Rootful);
  } else {
    report.rootful = {.can = false, .why_not = not_root(measured.caller), .lacking = {}};
  }
  return report;
}

int exit_status(const Report& report) noexcept {
  if (report.rootful.can) return report.rootless.can ? 0 : 1;
  return report.rootless.can ? 2 : 3;
}

}  // namespace caisson::check
