// Networks and devices of a container that runs, changed from outside. Nothing of it is repeated when the container is started
// again. Everything that is made is on record before, and goes with the container whoever cleans up after it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "network/attachment.hpp"
#include "network/member.hpp"
#include "network/wish.hpp"
#include "state/identity.hpp"
#include "sys/fd.hpp"

namespace caisson::network {

struct Running {
  std::string id;
  std::string name;  // what people call it
  state::Identity first_process;
  sys::BorrowedFd network_namespace;  // its own
};

// Throws Error{State} when it is on that network, or an address or a name is taken; then nothing is changed. Returns what it
// got.
Endpoint connect(const Machine& machine, const Running& container, const EndpointWish& wish);
// Ports that led to its address there lead to its next network. Throws Error{State} when it is not on that network.
void disconnect(const Machine& machine, const Running& container, std::string_view network);

struct PairEnd {
  const Running& container;
  std::string device;  // empty: eth0, eth1, ...
  net::Ip ip;          // not given: none
  unsigned prefix = 0;
};
// A pair of devices with nothing between them. It ends with the first of the two containers.
void link_pair(const Machine& machine, const PairEnd& one, const PairEnd& other);

// The first of eth0, eth1, ... that there is not in the namespace; or the wanted name, when that is free. Throws Error{State}.
std::string free_device_name(sys::BorrowedFd network_namespace, std::string_view wanted);

}  // namespace caisson::network
