#include "net/loopback.hpp"

#include "sys/netdevice.hpp"

namespace caisson::net {

void bring_loopback_up() { sys::bring_up("lo").or_throw("bring the loopback device up"); }

}  // namespace caisson::net
