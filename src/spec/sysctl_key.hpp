// The two spellings of a sysctl (man 8 sysctl): with '.' first ("net.ipv4.ip_forward", where '/' stands for a dot in a name)
// or with '/' first ("net/ipv4/conf/eth0.100/forwarding", taken literally).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caisson::spec {

// The path below /proc/sys; nothing for a key with an empty, "." or ".." component, so that the path never leaves /proc/sys.
std::optional<std::string> sysctl_path(std::string_view key);

}  // namespace caisson::spec
