// What the options of `caisson run` ask for the container's network: --net, --publish, --dns..., --add-host.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "network/wish.hpp"
#include "request/run_wish.hpp"

namespace caisson::app::human {

struct NetWish {
  request::NetworkWish kind = request::NetworkWish::None;
  // As after --ns: for `--net container:ID` and `--net ns:PATH`.
  std::vector<std::string> joined;
  network::Wish wish;
  // Whether there is something to be made for it: endpoints, or files that replace the root's own.
  bool needs_attachment() const noexcept {
    return !wish.endpoints.empty() || wish.resolver.given() || !wish.host_lines.empty();
  }
};

// Throws Error{Usage}.
NetWish net_wish(const OptionValues& options);

}  // namespace caisson::app::human
