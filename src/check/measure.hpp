// One look at the machine: settings, calls, and trials in children. Takes about a twentieth of a second.
#pragma once

#include "check/measured.hpp"

namespace caisson::check {

// The programs that parts of caisson and its users call.
inline constexpr std::string_view kTools[] = {"ip", "nft", "iptables", "pasta", "slirp4netns", "criu", "skopeo"};

// Throws Error{Kernel} when not even a plain child can be made; everything else that fails is part of the result.
Measured measure();

}  // namespace caisson::check
