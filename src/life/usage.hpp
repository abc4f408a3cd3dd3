// What a container uses, out of its cgroups: version 2, or the hierarchies of version 1 that it has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cgroup/place.hpp"

namespace caisson::life {

// Nothing where no cgroup of the container counts it.
struct Usage {
  std::optional<std::uint64_t> cpu_ns, memory, memory_limit, processes;
  std::uint64_t taken_ns = 0;  // CLOCK_MONOTONIC
};
Usage read_usage(std::span<const cgroup::Place> places);

// Pure. The number behind a word of a file like cpu.stat: "usage_usec 12\nuser_usec 3\n".
std::optional<std::uint64_t> figure_of(std::string_view file, std::string_view word);
// "12.34%", where one CPU is 100%; "--" when it cannot be told.
std::string cpu_percent(const Usage& before, const Usage& now);
std::string share_percent(std::optional<std::uint64_t> part, std::optional<std::uint64_t> whole);

}  // namespace caisson::life
