// What only exists inside namespaces: devices, host name, sysctls, clock offsets. Read by a short-lived visitor, each
// namespace for itself, so that one that may not be entered costs only what is in it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "inspect/fact.hpp"
#include "inspect/process_tables.hpp"
#include "inspect/sections.hpp"
#include "inspect/sysctls.hpp"
#include "net/links.hpp"
#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

// A namespace to look into. The caller's own (or one that could not be told apart) is not entered.
struct Door {
  ns::Type type;
  sys::BorrowedFd fd;  // of a pidfd, or of the namespace
};

struct Refusal {
  ns::Type type;
  std::string why;
};

struct SysctlsOfKind {
  ns::Type type;
  Fact<std::vector<Sysctl>> settings;
};

struct InsideFacts {
  std::vector<Refusal> refusals;  // doors that did not open
  Fact<std::string> host_name, domain_name;
  std::vector<SysctlsOfKind> sysctls;  // uts, ipc, net, user, as far as asked for
  Fact<std::vector<net::Link>> links;
  sys::UniqueFd route_socket;  // of that network namespace, where there are links
  Fact<std::vector<ClockOffset>> clocks;

  const Fact<std::vector<Sysctl>>* find(ns::Type type) const noexcept;
};

// doors: those of another namespace than the caller's; what is behind no door is the caller's own. kinds: what to look at.
// meanwhile: runs while the visitor, by its pid, is behind every door that is not among the refusals.
InsideFacts look_inside(const std::vector<Door>& doors, const std::vector<ns::Type>& kinds, Sections wanted,
                        const std::function<void(pid_t, const InsideFacts&)>& meanwhile = {});

}  // namespace caisson::inspect
