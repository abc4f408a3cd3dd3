// A map as one HTML page that needs nothing else: the data as JSON, and a script that draws it, searches, folds and lights what
// belongs together. Its parts are in map_page/.
#pragma once

#include <string>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

std::string map_html(const Map& map);

// The data of the page. '<' is escaped, so that nothing in it can end the element that it stands in.
std::string map_json(const Map& map);

}  // namespace caisson::inspect
