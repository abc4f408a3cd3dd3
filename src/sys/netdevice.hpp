// Flags of network devices by ioctl(2) on a datagram socket of the current network namespace. man 7 netdevice.
#pragma once

#include "sys/result.hpp"

namespace caisson::sys {

// IFF_UP on the device; ENODEV if there is none of that name.
SysStatus bring_up(const char* device) noexcept;

}  // namespace caisson::sys
