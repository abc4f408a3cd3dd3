// ip(8) of iproute2, for what a test finds there before.
#pragma once

#include <cstdlib>
#include <string>

#include "kernel/in_namespaces.hpp"

namespace caisson::test {

inline bool ip_does(const std::string& words) {
  return std::system(("PATH=/usr/sbin:/sbin:$PATH; ip " + words + " 2>/dev/null").c_str()) == 0;
}

inline void ip(const std::string& words) {
  if (!ip_does(words)) throw Failed{"ip " + words};
}

inline void needs_ip() {
  if (!ip_does("-Version >/dev/null")) throw Skipped{"needs ip"};
}

}  // namespace caisson::test
