// The two hands of the networks on the kernel: the packet filter and the devices. Both only carry out what records say, and
// are called with the store's lock held.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "net/device_editor.hpp"
#include "network/definition.hpp"
#include "network/member.hpp"
#include "network/store.hpp"
#include "sys/fd.hpp"

namespace caisson::network {

// Throws Error{Kernel} where this process may not change the packet filter, or there is none. Changes nothing.
void refuse_without_filter(const Places& places);
// others: every other member that is attached. What is returned is to be closed as late as can be, best without the lock: that
// waits until the kernel has let go of what was removed or replaced, some ten milliseconds, which pass beside other work.
[[nodiscard]] sys::UniqueFd open_firewall_for(const Store& store, const Member& member, const std::vector<Member>& others);
[[nodiscard]] sys::UniqueFd close_firewall_for(const Store& store, const Member& member, const std::vector<Member>& others);

enum class Ports : bool { None, Published };  // whether any lead to the container
// Bridge, pair, addresses and routes of each endpoint. network_namespace: the container's.
void connect_devices(const Store& store, std::span<const Endpoint> endpoints, Ports ports, sys::BorrowedFd network_namespace);
// Without waiting until the kernel has let go of the devices (net/early_removal.hpp).
struct Early {
  std::span<const sys::BorrowedFd> filters;  // what the functions above returned: whose closing need not be waited for either
};
void remove_devices(std::span<const Endpoint> endpoints, std::optional<Early> early = std::nullopt);
void remove_bridge(const Places& places, const Definition& network);

}  // namespace caisson::network
