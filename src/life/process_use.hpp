// What processes use, as /proc tells it of each: for containers whose use no cgroup counts. man 5 proc.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "life/usage.hpp"

namespace caisson::life {

// Pure. "Pss:        12 kB" of a file of such lines, in bytes.
std::optional<std::uint64_t> bytes_behind(std::string_view file, std::string_view word);

// Pure. /proc/PID/io; nothing for another text.
std::optional<BlockUse> parse_process_io(std::string_view io);

// What the usage lacks, from the processes of the container. The memory is their proportional share (PSS), and what is resident
// (RSS) of one of which the caller may not know that. Processes are counted as a cgroup does it: each thread. What was
// read and written is nothing when the caller may not know it of any.
void add_use_of(std::span<const pid_t> processes, Usage& usage);

}  // namespace caisson::life
