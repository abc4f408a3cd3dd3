// What is the same for a container that starts and for one whose networks are changed while it runs: the others on record, an
// endpoint with its lease, the neighbours' hosts files. Called with the store's lock held.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "network/definition.hpp"
#include "network/member.hpp"
#include "network/running.hpp"
#include "network/store.hpp"
#include "network/wish.hpp"

namespace caisson::network {

// Every other container that has been connected.
std::vector<Member> attached_others(const Store& store, std::string_view id);
// The hosts files of all in `members` that share a network with it.
void tell_neighbours(const Store& store, const Member& member, const std::vector<Member>& members);
// The definitions of its networks. Throws Error{Usage} when one is gone.
std::vector<Definition> networks_of(const Store& store, const Member& member);

// One more for the container, whose device has its name already; members: all on record. Throws Error{State} for an address
// that is taken.
Endpoint make_endpoint(const Store& store, const Member& member, const EndpointWish& wish, const std::vector<Member>& members);
// The record of a container that runs, as it is or as it would be. Throws Error{State} when it has ended.
Member member_of(const Machine& machine, const Store& store, const Running& container);
// A container that has nothing of ours has no record.
void write_or_remove(const Store& store, const Member& member);
// While another error is on its way: a failure is a warning.
void undo(const Machine& machine, std::string_view what, const std::function<void()>& back);

// Of a device on this side: never the same again, since a namespace takes its time to die with its own.
std::string host_link_name();

}  // namespace caisson::network
