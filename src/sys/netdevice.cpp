#include "sys/netdevice.hpp"

#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstring>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<UniqueFd> make_datagram_socket() noexcept {
  const long socket = call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-socket));
  return UniqueFd(static_cast<int>(socket));
}

SysStatus bring_up(BorrowedFd socket, const char* device) noexcept {
  ifreq request{};
  std::strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP;
  return status_of(call(SYS_ioctl, socket.get(), SIOCSIFFLAGS, &request));
}

SysResult<UniqueFd> network_namespace_of(BorrowedFd socket) noexcept {
  const long fd = call(SYS_ioctl, socket.get(), SIOCGSKNS, 0);
  if (fd < 0) return SysResult<UniqueFd>::failed(static_cast<int>(-fd));
  return UniqueFd(static_cast<int>(fd));
}

}  // namespace caisson::sys
