// Lists of CPUs and memory nodes as the kernel writes them, "0-3,7" (man 7 cpuset, "List format"), as bit masks of any length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::process {

inline constexpr unsigned kHighestListed = 65535;  // keeps a mask below 8 KiB; the kernel ends at 8191 CPUs and 1023 nodes

using NumberMask = std::vector<std::uint64_t>;  // bit n of word n / 64; no trailing empty word

// Nothing for an empty list, empty parts, reversed ranges, numbers above kHighestListed, or any other character.
std::optional<NumberMask> parse_number_list(std::string_view text);
std::string format_number_list(const NumberMask& mask);

}  // namespace caisson::process
