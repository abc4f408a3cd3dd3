// A map for a terminal: boxes in boxes, cards side by side as far as the width allows, and the wire behind each device by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

enum class Letters : std::uint8_t { Unicode, Ascii };

// No line is wider than the width, which is taken to be at least kLeastWidth.
inline constexpr std::size_t kLeastWidth = 24;
std::string map_text(const Map& map, std::size_t width, Letters letters);

}  // namespace caisson::inspect
