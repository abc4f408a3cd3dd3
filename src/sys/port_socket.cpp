#include "sys/port_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "sys/call.hpp"

namespace caisson::sys {
namespace {

SysStatus bind_to(BorrowedFd socket, std::string_view address, std::uint16_t port) {
  if (address.size() == 4) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    std::memcpy(&place.sin_addr, address.data(), address.size());
    return status_of(call(SYS_bind, socket.get(), &place, sizeof place));
  }
  if (address.size() != 16) return SysStatus::failed(EINVAL);
  sockaddr_in6 place{};
  place.sin6_family = AF_INET6;
  place.sin6_port = htons(port);
  std::memcpy(&place.sin6_addr, address.data(), address.size());
  constexpr int kOn = 1;
  const auto alone = status_of(call(SYS_setsockopt, socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &kOn, sizeof kOn));
  return alone.ok() ? status_of(call(SYS_bind, socket.get(), &place, sizeof place)) : alone;
}

}  // namespace

SysResult<UniqueFd> keep_port(std::string_view address, std::uint16_t port, PortKind kind) noexcept {
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  const int type = (kind == PortKind::Stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
  const long number = call(SYS_socket, family, type, 0);
  if (number < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-number));
  UniqueFd socket(static_cast<int>(number));
  constexpr int kOn = 1;
  // Connections that wait for their end do not keep a port from a new owner.
  if (kind == PortKind::Stream) {
    const auto again = status_of(call(SYS_setsockopt, socket.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn));
    if (!again.ok()) return SysResult<UniqueFd>::failed(again.err());
  }
  if (const auto bound = bind_to(socket.borrow(), address, port); !bound.ok()) return SysResult<UniqueFd>::failed(bound.err());
  if (kind == PortKind::Stream) {
    const auto listens = status_of(call(SYS_listen, socket.get(), 1));
    if (!listens.ok()) return SysResult<UniqueFd>::failed(listens.err());
  }
  return socket;
}

SysResult<std::uint16_t> port_of(BorrowedFd socket) noexcept {
  sockaddr_storage place{};
  socklen_t size = sizeof place;
  const auto read = status_of(call(SYS_getsockname, socket.get(), &place, &size));
  if (!read.ok()) return SysResult<std::uint16_t>::failed(read.err());
  std::uint16_t port = 0;  // at the same place for both families
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  std::memcpy(&port, reinterpret_cast<const char*>(&place) + offsetof(sockaddr_in, sin_port), sizeof port);
  return ntohs(port);
}

}  // namespace caisson::sys
