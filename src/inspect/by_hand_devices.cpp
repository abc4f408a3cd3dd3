// The network devices of a process by ip(8).
#include <algorithm>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "inspect/by_hand.hpp"

namespace caisson::inspect {
namespace {

const std::vector<net::Link>* links_of(const ByHand& facts) {
  return facts.subject.inside.links.known() ? &*facts.subject.inside.links : nullptr;
}

const net::Link* by_index(const std::vector<net::Link>& links, int index) {
  const auto found = std::ranges::find(links, index, &net::Link::index);
  return found == links.end() ? nullptr : &*found;
}

// One end of a pair whose other end is in another network namespace.
bool has_end_elsewhere(const net::Link& link) { return link.kind == "veth" && (link.peer_nsid || link.peer_namespace != 0); }

// The kinds that `ip link add NAME type KIND` makes without further words, or with those below.
bool is_makable(std::string_view kind) {
  constexpr std::string_view kKinds[] = {"bridge", "dummy", "ifb", "vcan", "nlmon", "vrf", "bond", "team"};
  return std::ranges::find(kKinds, kind) != std::end(kKinds);
}

// The fallback devices of tunnels, which every network namespace gets by itself where their module is loaded.
bool comes_by_itself(const net::Link& link) {
  constexpr std::string_view kNames[] = {"tunl0",    "gre0", "gretap0", "erspan0", "ip_vti0",
                                         "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0"};
  return link.loopback || std::ranges::find(kNames, link.name) != std::end(kNames);
}

std::string quoted_comment(std::string_view words, const net::Link& link) {
  return text::join("# ", text::printable(link.name), words);
}

void add_device(const std::vector<net::Link>& links, const net::Link& link, std::vector<std::string>& lines) {
  const std::string name = shell_word(link.name);
  const net::Link* other = link.peer == 0 || link.peer_nsid ? nullptr : by_index(links, link.peer);
  if (comes_by_itself(link) || has_end_elsewhere(link)) return;
  if (link.kind == "veth" && other != nullptr) {
    if (link.index < other->index)
      lines.push_back(text::join("ip link add name ", name, " type veth peer name ", shell_word(other->name)));
  } else if (link.kind == "vlan" && link.vlan && other != nullptr) {
    lines.push_back(text::join("ip link add link ", shell_word(other->name), " name ", name, " type vlan id ", *link.vlan));
  } else if ((link.kind == "macvlan" || link.kind == "ipvlan") && other != nullptr) {
    lines.push_back(text::join("ip link add link ", shell_word(other->name), " name ", name, " type ", link.kind));
  } else if (is_makable(link.kind)) {
    lines.push_back(text::join("ip link add name ", name, " type ", link.kind));
  } else {
    lines.push_back(quoted_comment(link.kind.empty() ? " is hardware: ip link set dev NAME netns $first moves such a device in"
                                                     : text::join(" is a device of kind ", text::printable(link.kind)),
                                   link));
  }
}

bool is_made(const net::Link& link) { return comes_by_itself(link) || has_end_elsewhere(link) || !link.kind.empty(); }

// The kernel gives the addresses of the loopback, and link addresses of IPv6, by itself.
bool is_automatic(const net::Link& link, const net::Address& address) {
  return link.loopback || (address.scope == net::AddressScope::Link && address.ip.find(':') != std::string::npos);
}

void configure(const std::vector<net::Link>& links, const net::Link& link, std::vector<std::string>& lines) {
  const std::string name = shell_word(link.name);
  if (const net::Link* master = link.master == 0 ? nullptr : by_index(links, link.master))
    lines.push_back(text::join("ip link set dev ", name, " master ", shell_word(master->name)));
  for (const net::Address& address : link.addresses) {
    if (is_automatic(link, address)) continue;
    const std::string peer = address.peer.empty() ? std::string() : text::join(" peer ", address.peer);
    lines.push_back(text::join("ip address add ", address.ip,
                               peer.empty() ? text::join("/", address.prefix) : peer + text::join("/", address.prefix), " dev ",
                               name));
  }
  if (link.up) lines.push_back(text::join("ip link set dev ", name, " up"));
}

}  // namespace

std::vector<std::string> device_commands_outside(const ByHand& facts) {
  std::vector<std::string> lines;
  const std::vector<net::Link>* links = links_of(facts);
  if (links == nullptr) return lines;
  unsigned pair = 0;
  for (const net::Link& link : *links) {
    if (!has_end_elsewhere(link)) continue;
    if (!facts.caller_is_root) {
      lines.push_back(quoted_comment(": only root can make a pair with one end out here", link));
      continue;
    }
    const std::string ours = text::join("bh", pair++, "_$$");
    lines.push_back(text::join("ip link add name ", ours, " type veth peer name ", shell_word(link.name), " netns $first"));
    lines.push_back(text::join("ip link set dev ", ours, " up"));
  }
  return lines;
}

std::vector<std::string> device_commands_inside(const ByHand& facts) {
  std::vector<std::string> lines;
  const std::vector<net::Link>* links = links_of(facts);
  if (links == nullptr) return {text::join("# The devices ", facts.subject.inside.links.missing)};
  for (const net::Link& link : *links) add_device(*links, link, lines);
  for (const net::Link& link : *links)
    if (is_made(link) && (!has_end_elsewhere(link) || facts.caller_is_root)) configure(*links, link, lines);
  for (const std::string& gateway : facts.gateways) lines.push_back(text::join("ip route add ", gateway));
  return lines;
}

}  // namespace caisson::inspect
