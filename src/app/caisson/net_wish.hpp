// What the options of `caisson run` ask for the container's network: --net, --publish, --dns..., --add-host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "network/wish.hpp"
#include "request/run_wish.hpp"

namespace caisson::app::human {

struct NetWish {
  request::NetworkWish kind = request::NetworkWish::None;
  // As after --ns: for `--net container:NAME` and `--net ns:PATH`.
  std::vector<std::string> joined;
  network::Wish wish;
  // Whether there is something to be made for it: endpoints, or files that replace the root's own.
  bool needs_attachment() const noexcept {
    return !wish.endpoints.empty() || wish.from_user_space || wish.resolver.given() || !wish.host_lines.empty();
  }
};

// The network of a container whose options do not say which, as a word of --net: what CAISSON_NET says, else `default` for root
// and for others `none`, or `user` when they publish a port. Nothing where options say it, or join a namespace that has one.
std::optional<std::string> usual_network(const OptionValues& options);

// Throws Error{Usage}.
NetWish net_wish(const OptionValues& options);
// --publish-all: those that no --publish leads to already. Throws Error{Usage} when no network leads to them.
void publish_exposed(NetWish& net, const std::vector<std::string>& exposed);

}  // namespace caisson::app::human
