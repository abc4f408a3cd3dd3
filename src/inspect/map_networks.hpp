// The devices of every network namespace of a scan, and which namespace the other end of each is in.
#pragma once

#include <vector>

#include "inspect/map_graph.hpp"

namespace caisson::inspect {

// One for each network namespace, in the order of the scan. What may not be looked into says why; none is left out. The process
// must have one thread.
std::vector<NetworkDevices> read_networks(Machine& machine);

}  // namespace caisson::inspect
