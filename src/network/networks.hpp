// Networks as such: made, found, removed. Called with the store's lock held.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip.hpp"
#include "network/definition.hpp"
#include "network/store.hpp"

namespace caisson::network {

struct NetworkWish {
  std::string name;
  net::Subnet subnet, subnet6;  // not given: chosen
  net::Ip gateway, gateway6;    // not given: the first address
  bool v6 = false;
  unsigned mtu = 0;
  bool internal = false;
};

// Throws Error{Usage} for what contradicts itself, Error{State} for a name that is taken, Error{Host} for a subnet that is in
// use; then nothing is made.
Definition create_network(const Store& store, const NetworkWish& wish);
// The default one is made when it is not there. Throws Error{Usage} for another name that is unknown, with the known ones.
Definition network_for_use(const Store& store, std::string_view name);
Definition known_network(const Store& store, std::string_view name);
// Throws Error{State} while a container is on it.
void remove_network(const Store& store, std::string_view name);

}  // namespace caisson::network
