#include "net/loopback.hpp"

#include "sys/netdevice.hpp"

namespace caisson::net {

void bring_loopback_up(sys::BorrowedFd socket) { sys::bring_up(socket, "lo").or_throw("bring the loopback device up"); }

}  // namespace caisson::net
