// A map in graphviz's language: frames as clusters, cards as nodes, bridges as nodes with edges to what is plugged in.
#pragma once

#include <string>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

std::string map_dot(const Map& map);

}  // namespace caisson::inspect
