// The table `filter` of the old iptables, read where it is in use: looking at it otherwise would make it.
#pragma once

#include <string>

#include "sys/result.hpp"

namespace caisson::sys {

struct LegacyFilter {
  bool forward_drops = false;  // the policy of its chain FORWARD
  std::string entries;         // its rules, as the kernel has them
};
// Of the caller's network namespace, IPv4. ENOENT: nobody uses it.
SysResult<LegacyFilter> read_legacy_filter();

}  // namespace caisson::sys
