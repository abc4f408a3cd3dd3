// What a container uses, out of its cgroups: version 2, or the hierarchies of version 1 that it has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cgroup/place.hpp"

namespace caisson::life {

struct BlockUse {
  std::uint64_t read = 0, written = 0;  // bytes
  bool operator==(const BlockUse&) const = default;
};

// Nothing where no cgroup of the container counts it.
struct Usage {
  std::optional<std::uint64_t> cpu_ns, memory, memory_limit, processes;
  std::optional<BlockUse> blocks;
  std::uint64_t taken_ns = 0;  // CLOCK_MONOTONIC
  bool is_whole() const noexcept { return cpu_ns && memory && processes && blocks; }
};
Usage read_usage(std::span<const cgroup::Place> places);

// Pure. The number behind a word of a file like cpu.stat: "usage_usec 12\nuser_usec 3\n".
std::optional<std::uint64_t> figure_of(std::string_view file, std::string_view word);
// Pure. Of all devices together: io.stat, "8:0 rbytes=1 wbytes=2 rios=3 ..." for each; blkio.throttle.io_service_bytes, "8:0
// Read 1" and the like.
BlockUse parse_io_stat(std::string_view file);
BlockUse parse_io_service_bytes(std::string_view file);
// "12.34%", where one CPU is 100%; "--" when it cannot be told.
std::string cpu_percent(const Usage& before, const Usage& now);
std::string share_percent(std::optional<std::uint64_t> part, std::optional<std::uint64_t> whole);

}  // namespace caisson::life
