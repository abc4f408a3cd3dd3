// The page of `caisson explain`: the kernel objects behind a process, kind by kind, and how to build the same by hand. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/by_hand.hpp"

namespace caisson::inspect {

std::string explain_text(const ByHand& facts);

// The default gateways in /proc/PID/net/route, as words for `ip route add`.
std::vector<std::string> parse_gateways(std::string_view table);

}  // namespace caisson::inspect
