// A socket that keeps a port of this machine for its owner, and does nothing else. man 7 ip, man 7 ipv6.
#pragma once

#include <cstdint>
#include <string_view>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

enum class PortKind : std::uint8_t { Stream, Datagram };

// address: 4 or 16 bytes in network order; port 0: a free one. EADDRINUSE: somebody has the port. A stream socket listens,
// since only then a second one is refused; nobody accepts.
SysResult<UniqueFd> keep_port(std::string_view address, std::uint16_t port, PortKind kind) noexcept;
// The port that the socket has.
SysResult<std::uint16_t> port_of(BorrowedFd socket) noexcept;

}  // namespace caisson::sys
