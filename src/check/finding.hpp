// One line of the report: something that was looked at, whether it is there, and what turns it on if not. The table of checks
// gives every line its name, which scripts may rely on; what a check says is computed from the measurement alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "check/measured.hpp"

namespace caisson::check {

enum class Area : std::uint8_t { Kernel, Namespaces, Users, Cgroups, Mounts, Processes, Security, Network };
std::string_view area_name(Area area) noexcept;  // "namespaces"

enum class State : std::uint8_t {
  Ok,
  Limited,  // works in part, or not for everything
  Missing,
  NotTried,  // needs root, or something that is missing itself
};
std::string_view state_name(State state) noexcept;  // "ok", "limited", "missing", "not-tried"

// Which containers cannot run without it; bits.
enum class Needed : std::uint8_t { ForNothing = 0, Rootful = 1, Rootless = 2, Both = 3 };
constexpr bool has(Needed needed, Needed which) noexcept {
  return (static_cast<unsigned>(needed) & static_cast<unsigned>(which)) != 0;
}

// What a check says.
struct Judgement {
  State state = State::Ok;
  std::string value;    // what there is, or why not
  std::string turn_on;  // one command or setting; empty: there is nothing to turn on
  int error = 0;        // errno of what failed
};

struct Check {
  std::string_view name;   // "namespaces.net"
  std::string_view title;  // "net"
  std::string_view group;  // heading of titles that are shown on one line; empty: a line of its own
  Needed needed = Needed::ForNothing;
  Judgement (*judge)(const Measured&) = nullptr;
};

struct CheckList {
  Area area;
  std::span<const Check> checks;
};
// Every area once, in the order of the report.
std::span<const CheckList> all_checks() noexcept;

std::span<const Check> kernel_checks() noexcept;
std::span<const Check> namespace_checks() noexcept;
std::span<const Check> user_checks() noexcept;
std::span<const Check> cgroup_checks() noexcept;
std::span<const Check> mount_checks() noexcept;
std::span<const Check> process_checks() noexcept;
std::span<const Check> security_checks() noexcept;
std::span<const Check> network_checks() noexcept;

}  // namespace caisson::check
