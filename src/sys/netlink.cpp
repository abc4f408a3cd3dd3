#include "sys/netlink.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<UniqueFd> make_route_socket() noexcept {
  const long number = call(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (number < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-number));
  UniqueFd socket(static_cast<int>(number));
  constexpr int kOn = 1;
  const long strict = call(SYS_setsockopt, socket.get(), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &kOn, sizeof kOn);
  if (strict < 0 && strict != -ENOPROTOOPT) return SysResult<UniqueFd>::failed(static_cast<int>(-strict));
  return socket;
}

SysResult<UniqueFd> make_link_news_socket() noexcept {
  auto socket = make_route_socket();
  if (!socket.ok()) return socket;
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  const long bound = call(SYS_bind, socket.value().get(), &address, sizeof address);
  if (bound < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-bound));
  return socket;
}

SysResult<UniqueFd> make_netfilter_socket() noexcept {
  const long number = call(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (number < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-number));
  return UniqueFd(static_cast<int>(number));
}

SysStatus make_room_to_send(BorrowedFd socket, std::size_t bytes) noexcept {
  const int size = static_cast<int>(bytes);
  return status_of(call(SYS_setsockopt, socket.get(), SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size));
}

SysStatus send_to_kernel(BorrowedFd socket, std::span<const char> request) noexcept {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  return status_of(retry_eintr(
      [&] { return call(SYS_sendto, socket.get(), request.data(), request.size(), MSG_NOSIGNAL, &kernel, sizeof kernel); }));
}

SysResult<std::size_t> next_from_kernel(BorrowedFd socket) noexcept {
  return result_of<std::size_t>(
      retry_eintr([&] { return call(SYS_recvfrom, socket.get(), nullptr, 0UL, MSG_PEEK | MSG_TRUNC, nullptr, nullptr); }));
}

SysResult<std::size_t> receive_from_kernel(BorrowedFd socket, std::span<char> buffer) noexcept {
  while (true) {
    sockaddr_nl sender{};
    int sender_length = sizeof sender;
    const long length = retry_eintr([&] {
      sender_length = sizeof sender;
      return call(SYS_recvfrom, socket.get(), buffer.data(), buffer.size(), MSG_TRUNC, &sender, &sender_length);
    });
    if (length < 0) return SysResult<std::size_t>::failed(static_cast<int>(-length));
    if (sender.nl_pid != 0) continue;
    if (static_cast<std::size_t>(length) > buffer.size()) return SysResult<std::size_t>::failed(EMSGSIZE);
    return static_cast<std::size_t>(length);
  }
}

}  // namespace caisson::sys
