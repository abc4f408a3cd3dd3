#include "sys/netdevice.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstring>

#include "sys/call.hpp"
#include "sys/fd.hpp"

namespace caisson::sys {

SysStatus bring_up(const char* device) noexcept {
  const long socket = call(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return status_of(socket);
  const UniqueFd owned(static_cast<int>(socket));
  ifreq request{};
  std::strncpy(request.ifr_name, device, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP;
  return status_of(call(SYS_ioctl, owned.get(), SIOCSIFFLAGS, &request));
}

}  // namespace caisson::sys
