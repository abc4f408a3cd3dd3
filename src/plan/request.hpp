// What the command line adds to a Spec: things that config.json has no word for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/plan.hpp"
#include "host/facts.hpp"
#include "mount/host_view.hpp"
#include "plan/service_plan.hpp"
#include "security/seccomp.hpp"

namespace caisson::plan {

enum class PivotMode : std::uint8_t { Pivot, MoveAndChroot };
enum class KeyringMode : std::uint8_t { New, KeepCallers };
// WithRuntime: a program in somebody's foreground must not be left over when that is killed.
enum class End : std::uint8_t { ByItself, WithRuntime };
enum class PayloadMode : std::uint8_t { IsInit, BelowInit };  // BelowInit: --init, the trampoline stays as PID 1

struct Request {
  std::string id;
  std::string bundle;  // absolute
  PivotMode pivot = PivotMode::Pivot;
  KeyringMode keyring = KeyringMode::New;
  PayloadMode payload = PayloadMode::IsInit;
  End end = End::ByItself;
  cgroup::Driver cgroup_driver = cgroup::Driver::Cgroupfs;
  std::optional<mount::HostViewPlan> host_view;  // `caisson run` without an image: instead of root.path
  bool awaits_network = false;  // the runtime connects its network namespace with others before the program begins
  ServicesPlan services;        // instead of a payload
  unsigned preserve_fds = 0;
  unsigned supported_seccomp_flags = 0;  // sys::supported_seccomp_flags()
};

}  // namespace caisson::plan
