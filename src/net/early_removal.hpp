// The end of a network device as others see it, without the end of the kernel's own work on it.
#pragma once

#include <span>

#include "net/device_editor.hpp"
#include "sys/fd.hpp"

namespace caisson::net {

// The answer to RTM_DELLINK comes when an RCU barrier has passed (netdev_run_todo of net/core/dev.c; 15 to 35 ms measured),
// though a millisecond after the request the device is in no list, sysfs and packet path any more. Here a process of its own
// asks and hears the answer; this returns when the device is gone from the current network namespace. That process holds
// nothing of the caller's but its network namespace and `kept`: descriptors whose closing would wait for the kernel likewise,
// which it closes last. It is nobody's to wait for, and ends by itself even when the caller has.
//
// editor: of that namespace. False: the device may still be there, and is to be removed in the usual way. Never throws.
bool remove_early(DeviceEditor& editor, const Link& link, std::span<const sys::BorrowedFd> kept) noexcept;

}  // namespace caisson::net
