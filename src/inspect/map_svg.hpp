// A map as an SVG picture: valid XML, text that can be selected and found, a tooltip on everything, nothing taken from
// elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

std::string map_svg(const Map& map);

// For text between tags and in quoted attributes. Displayable text holds no character that XML forbids.
std::string xml_escaped(std::string_view text);

}  // namespace caisson::inspect
