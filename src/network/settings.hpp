// Settings of the kernel's networks, in the network namespace that the caller stands in.
#pragma once

#include <string>
#include <string_view>

#include "sys/result.hpp"

namespace caisson::network {

struct Setting {
  std::string path;  // below /proc/sys/net
  std::string_view value;
};

// A part that this kernel lacks (IPv6) has no such file, which is no failure.
sys::SysStatus write_setting(const Setting& setting);
// Empty for one that cannot be read.
std::string read_setting(const std::string& path);
// Writes only what is different: /proc/sys may be read-only and right. Throws Error{Kernel}.
void apply_setting(const Setting& setting);

}  // namespace caisson::network
