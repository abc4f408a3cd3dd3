// Resource limits (man 2 prlimit): the table of names, the plan of a process and its application, to the process that will
// become the payload, before that loses its privileges: by the runtime from outside, or for exec by itself. Guarantee: an
// unknown or repeated limit, or a soft limit above its hard one, is refused before anything is changed.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::process {

struct RlimitName {
  std::string_view name;  // "RLIMIT_NOFILE"
  int number;             // of the kernel, the same on all architectures that caisson runs on
};
// All limits of the kernel, by number.
std::span<const RlimitName> rlimit_names();
std::optional<int> rlimit_number(std::string_view name);  // exact, upper case, with prefix
std::string_view rlimit_name(int number);                 // "RLIMIT_?" for a number without a name

struct RlimitAction {
  int number = 0;
  rlimit64 limit{};
};

std::vector<RlimitAction> plan_rlimits(const std::vector<spec::Rlimit>& limits);
// `nofile=1024:4096`, `core=0`, `nproc=unlimited` (names without prefix, any case): an option of the command line.
spec::Rlimit parse_rlimit(std::string_view text);
// pid 0: the caller.
void apply_rlimits(pid_t pid, const std::vector<RlimitAction>& actions);

}  // namespace caisson::process
