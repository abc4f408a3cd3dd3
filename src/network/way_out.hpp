// What this machine has to allow so that containers reach the outside: forwarding, which is switched on, and the packet filter
// of others, which is looked at and never changed.
#pragma once

#include <vector>

#include "base/log.hpp"
#include "network/definition.hpp"

namespace caisson::network {

// For containers of these networks. Says what it switches on, and who stands in the way with the rules that mend it.
void open_way_out(const std::vector<Definition>& networks, LogSink& log);

}  // namespace caisson::network
