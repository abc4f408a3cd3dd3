// Who has a port of this machine, as far as it can be seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/firewall.hpp"

namespace caisson::network {

// ": by NAME (pid N)"; empty when nobody is found who has it.
std::string port_owner(std::uint16_t port, net::Protocol protocol);

// The inode of the socket that has the local port in a table of man 5 proc_pid_net (listening, where it is one of TCP); 0:
// none.
std::uint64_t socket_at_port(std::string_view table, std::uint16_t port, net::Protocol protocol);

}  // namespace caisson::network
