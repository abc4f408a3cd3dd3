// Network addresses in words: IPv4 with dots, IPv6 as RFC 5952 wants it, hardware addresses with colons.
#pragma once

#include <string>
#include <string_view>

namespace caisson::net {

// 4 or 16 bytes in network order; empty for any other length.
std::string ip_text(std::string_view bytes);
// "52:54:00:12:34:56"; empty for no bytes and for nothing but zeros, which is what a loopback device has.
std::string hardware_text(std::string_view bytes);

}  // namespace caisson::net
