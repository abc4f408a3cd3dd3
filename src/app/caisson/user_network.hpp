// `--net user`: the program that carries the packets of an ordinary user's container, found, started and told which ports.
#pragma once

#include <sys/types.h>

#include <string>

#include "network/attachment.hpp"
#include "network/wish.hpp"

namespace caisson::app::human {

struct UserNetworkProgram {
  bool slirp = false;
  std::string path;
};
// pasta, but for datagrams to a port of another number, of which not every version of it brings the answers back, and where
// it is missing: slirp4netns. Throws Error{Host} where there is none, or no device that it could use, with what helps.
UserNetworkProgram find_user_network(const network::Wish& wish);
// With what only that program can do for the container.
network::Wish prepared_for(const UserNetworkProgram& program, network::Wish wish);

struct UserNetwork {
  const network::Places& places;
  const std::string& id;
  const network::Wish& wish;
  pid_t first_process = 0;
  sys::BorrowedFd network_namespace;
};
// The program runs until the container has ended.
void start_user_network(const UserNetworkProgram& program, const UserNetwork& network);

}  // namespace caisson::app::human
