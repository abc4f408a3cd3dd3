#include "network/choose.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::network {
namespace {

// 1,021 containers: a bridge has 1,023 ports.
constexpr unsigned kPrefix = 22;
constexpr std::uint64_t kStep = 1U << (32 - kPrefix);

struct Range {
  std::string_view first;
  unsigned count;  // of subnets
};
// Private addresses (RFC 1918), the least used first.
constexpr Range kRanges[] = {{"10.89.0.0", 64 * 80}, {"172.20.0.0", 64 * 10}, {"192.168.64.0", 48}};

std::uint64_t distance(const net::Ip& from, const net::Ip& to) {
  std::uint64_t steps = 0;
  for (std::size_t i = 0; i < from.bytes().size(); ++i)
    steps = (steps << 8) + static_cast<std::uint8_t>(to.bytes()[i]) - static_cast<std::uint8_t>(from.bytes()[i]);
  return steps;
}

const Definition* overlapping(const net::Subnet& subnet, std::span<const Definition> others) {
  const auto found = std::ranges::find_if(others, [&](const Definition& other) {
    return subnet.base.is_v4() ? other.subnet.overlaps(subnet) : other.has_v6() && other.subnet6.overlaps(subnet);
  });
  return found == others.end() ? nullptr : &*found;
}

bool is_reserved(const Definition& network, const net::Ip& ip) {
  return ip == network.subnet.base || ip == network.subnet.last() || ip == network.gateway;
}

}  // namespace

net::Subnet choose_subnet(std::span<const net::Route> routes, std::span<const Definition> others) {
  for (const Range& range : kRanges) {
    net::Subnet subnet{*net::Ip::parse(range.first), kPrefix};
    for (unsigned i = 0; i < range.count; ++i, subnet.base = subnet.base.plus(kStep)) {
      const bool free = std::ranges::all_of(routes, [&](const net::Route& route) { return leaves_room_for(route, subnet); });
      if (free && overlapping(subnet, others) == nullptr) return subnet;
    }
  }
  throw Error(ErrorKind::Host, "find a subnet that no route and no other network uses")
      .with_hint("name one with --subnet, as 10.200.0.0/24");
}

void refuse_overlap(const net::Subnet& wanted, std::span<const net::Route> routes, std::span<const Definition> others) {
  const auto route = std::ranges::find_if(routes, [&](const net::Route& one) { return !leaves_room_for(one, wanted); });
  if (route != routes.end())
    throw Error(ErrorKind::Host,
                text::join("subnet ", wanted.text(), " is in use: this machine has a route to ", route->to.text()))
        .with_hint("choose another one with --subnet, or leave that out");
  if (const Definition* other = overlapping(wanted, others))
    throw Error(ErrorKind::Host, text::join("subnet ", wanted.text(), " overlaps with network ", other->name))
        .with_hint("choose another one with --subnet, or leave that out");
}

net::Subnet choose_subnet6(std::string_view random) {
  std::string bytes = "\xfd";
  bytes += random.substr(0, 5);
  bytes.resize(16, '\0');
  return {net::Ip(bytes), 64};
}

std::optional<net::Ip> choose_address(const Definition& network, std::span<const net::Ip> taken, const net::Ip& last) {
  const net::Ip begin = network.subnet.base, end = network.subnet.last();
  net::Ip candidate = network.subnet.contains(last) ? last : begin;
  const std::uint64_t all = distance(begin, end);
  for (std::uint64_t i = 0; i <= all; ++i) {
    candidate = candidate >= end ? begin : candidate.plus(1);
    if (!is_reserved(network, candidate) && !std::ranges::binary_search(taken, candidate)) return candidate;
  }
  return std::nullopt;
}

void check_address(const Definition& network, std::span<const net::Ip> taken, const net::Ip& wanted) {
  const auto subject = [&] { return text::join("address ", wanted.text(), " on network ", network.name); };
  if (!network.subnet.contains(wanted))
    throw Error(ErrorKind::Usage, text::join(subject(), ": it is not of ", network.subnet.text()));
  if (is_reserved(network, wanted))
    throw Error(ErrorKind::Usage,
                text::join(subject(), wanted == network.gateway ? ": it is the gateway's" : ": it is reserved"));
  if (std::ranges::binary_search(taken, wanted))
    throw Error(ErrorKind::State, text::join(subject(), ": another container has it"))
        .with_hint("caisson net inspect shows who");
}

net::Ip address6_for(const Definition& network, const net::Ip& ip) {
  return network.has_v6() ? network.subnet6.base.plus(distance(network.subnet.base, ip)) : net::Ip();
}

}  // namespace caisson::network
