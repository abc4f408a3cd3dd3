// What nsenter opens before it enters anything: afterwards the caller's paths, and its rights, may be others.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ns/join.hpp"
#include "plan/enter_plan.hpp"
#include "sys/fd.hpp"

namespace caisson::launch {

// In the order in which they are entered, user first, as errors name the first that fails.
inline constexpr std::array kEnterOrder{ns::Type::User,    ns::Type::Cgroup, ns::Type::Ipc,   ns::Type::Uts,
                                        ns::Type::Network, ns::Type::Pid,    ns::Type::Mount, ns::Type::Time};
static_assert(kEnterOrder.size() == ns::kKinds.size());

struct EnterSources {
  sys::Pidfd target;                                         // invalid: none is named, or it is a thread
  std::uint64_t by_target = 0;                               // CLONE_NEW* that are entered by the target's pidfd
  std::uint64_t by_all = 0;                                  // of those and of the files: only because every kind was asked for
  std::array<sys::NamespaceFd, ns::kKinds.size()> files{};   // the others, by ns::Type
  sys::UniqueFd process;                                     // /proc/PID of the target, when more is read of it later
  sys::UniqueFd root, directory, environment, cgroup_procs;  // invalid: not wanted
  bool environment_later = false;                            // the caller may not read it from outside

  bool enters(ns::Type type) const noexcept;
  bool enters_any() const noexcept;
  sys::NamespaceFd& file(ns::Type type) noexcept { return files[static_cast<std::size_t>(type)]; }
  const sys::NamespaceFd& file(ns::Type type) const noexcept { return files[static_cast<std::size_t>(type)]; }
};

// opened: namespaces that were named by other words than the options of util-linux; they win over the plan.
EnterSources open_sources(const plan::EnterPlan& plan, std::vector<ns::OpenNamespace> opened);

}  // namespace caisson::launch
