// Which ids a container of `caisson run` gets: root with its own user namespace keeps every id (the file owners of the machine
// stay right), an ordinary user is root inside and has its ranges of /etc/subuid and /etc/subgid above that, if any.
#pragma once

#include <vector>

#include "host/facts.hpp"
#include "request/run_wish.hpp"
#include "spec/spec.hpp"

namespace caisson::request {

struct IdMaps {
  std::vector<spec::IdMapping> uids, gids;
};

// facts.users must have been probed for an ordinary user.
IdMaps choose_id_maps(const RunWish& wish, const host::HostFacts& facts);

}  // namespace caisson::request
