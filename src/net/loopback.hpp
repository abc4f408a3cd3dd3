// A new network namespace has its loopback device down; programs expect 127.0.0.1 to work.
#pragma once

namespace caisson::net {

// In the current network namespace; needs CAP_NET_ADMIN over it.
void bring_loopback_up();

}  // namespace caisson::net
