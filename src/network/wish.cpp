#include "network/wish.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/definition.hpp"

namespace caisson::network {
namespace {

constexpr std::size_t kMostPorts = 1024;  // of one container
constexpr std::size_t kLongestDevice = 15;

Error bad(std::string_view option, std::string_view text, std::string_view form) {
  return Error(ErrorKind::Usage, text::join(option, ": cannot read ", text::quoted(text)))
      .with_hint(text::join("the form is ", form));
}

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
}

bool is_device_name(std::string_view name) {
  return is_word(name) && name.size() <= kLongestDevice && name != "." && name != ".." && name != "lo" &&
         name.find_first_of("/:%") == std::string_view::npos;
}

std::optional<std::string> mac_bytes(std::string_view text) {
  const auto parts = text::split(text, ':');
  if (parts.size() != 6) return std::nullopt;
  std::string bytes;
  for (const std::string_view part : parts) {
    const auto byte = part.size() == 2 ? text::parse_number<std::uint8_t>(part, 16) : std::nullopt;
    if (!byte) return std::nullopt;
    bytes += static_cast<char>(*byte);
  }
  const bool group_address = (static_cast<std::uint8_t>(bytes[0]) & 1) != 0;
  if (group_address || bytes == std::string(6, '\0')) return std::nullopt;
  return bytes;
}

void read_detail(EndpointWish& wish, std::string_view detail, std::string_view whole) {
  const std::size_t equals = detail.find('=');
  const std::string_view key = detail.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : detail.substr(equals + 1);
  const auto refuse = [&](std::string_view form) { throw bad("--net", whole, form); };
  if (key == "ip") {
    const auto ip = net::Ip::parse(value);
    if (!ip || !ip->is_v4()) refuse("NAME:ip=ADDRESS, an address of IPv4; that of IPv6 goes with it");
    wish.ip = *ip;
  } else if (key == "mac") {
    const auto mac = mac_bytes(value);
    if (!mac) refuse("NAME:mac=02:00:00:00:00:01, the address of one card");
    wish.mac = *mac;
  } else if (key == "ifname") {
    if (!is_device_name(value)) refuse("NAME:ifname=DEVICE, up to 15 letters without / : %");
    wish.device = value;
  } else {
    refuse("NAME[:ip=ADDRESS,mac=ADDRESS,ifname=DEVICE]");
  }
}

struct PortRange {
  std::uint16_t first = 0, last = 0;
  unsigned count() const noexcept { return last - first + 1U; }
};

// By the protocol's name; none means TCP.
std::optional<net::Protocol> take_protocol(std::string_view& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return net::Protocol::Tcp;
  const std::string_view protocol = text.substr(slash + 1);
  text = text.substr(0, slash);
  if (protocol == "tcp") return net::Protocol::Tcp;
  if (protocol == "udp") return net::Protocol::Udp;
  return std::nullopt;
}

std::optional<PortRange> port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = text::parse_number<std::uint16_t>(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : text::parse_number<std::uint16_t>(text.substr(dash + 1));
  if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

// "[::1]:80:80" or "127.0.0.1:80:80": takes the address and its colon off the front.
std::optional<net::Ip> take_host(std::string_view& text) {
  std::string_view host;
  if (text.starts_with('[')) {
    const std::size_t close = text.find("]:");
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    text.remove_prefix(close + 2);
    const auto ip = net::Ip::parse(host);
    return ip && ip->is_v6() ? ip : std::nullopt;
  }
  const std::size_t colon = text.find(':');
  host = text.substr(0, colon);
  text.remove_prefix(colon + 1);
  return net::Ip::parse(host);
}

}  // namespace

EndpointWish parse_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  EndpointWish wish{.network = std::string(text.substr(0, colon))};
  check_network_name(wish.network);
  if (colon == std::string_view::npos) return wish;
  if (colon + 1 == text.size()) throw bad("--net", text, "NAME[:ip=ADDRESS,mac=ADDRESS,ifname=DEVICE]");
  for (const std::string_view detail : text::split(text.substr(colon + 1), ',')) read_detail(wish, detail, text);
  return wish;
}

void check_device_name(std::string_view option, std::string_view name) {
  if (!is_device_name(name)) throw bad(option, name, "up to 15 letters without / : % and blanks");
}

std::vector<PublishedPort> parse_publish(std::string_view whole) {
  constexpr std::string_view kForm = "[[HOSTIP:]HOSTPORT:]PORT[/tcp|/udp], as 8080:80 or 127.0.0.1:5353:53/udp";
  std::string_view text = whole;
  PublishedPort port;
  const auto protocol = take_protocol(text);
  if (!protocol) throw bad("--publish", whole, kForm);
  port.protocol = *protocol;
  if (text.starts_with('[') || std::ranges::count(text, ':') == 2) {
    const auto host = take_host(text);
    if (!host) throw bad("--publish", whole, kForm);
    port.host = host->is_zero() && host->is_v4() ? net::Ip() : *host;
  }
  const std::size_t colon = text.find(':');
  const auto inside = port_range(colon == std::string_view::npos ? text : text.substr(colon + 1));
  const std::string_view host_ports = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const bool any = host_ports == "0";
  const auto outside = colon == std::string_view::npos || any ? inside : port_range(host_ports);
  if (!inside || !outside || inside->count() != outside->count()) throw bad("--publish", whole, kForm);
  if (port.host.is_v6() && port.host.is_loopback())
    throw Error(ErrorKind::Usage, "--publish: the kernel cannot lead ::1 into a container").with_hint("publish at 127.0.0.1");
  std::vector<PublishedPort> ports;
  for (unsigned i = 0; i < inside->count(); ++i) {
    port.host_port = any ? std::uint16_t{0} : static_cast<std::uint16_t>(outside->first + i);
    port.port = static_cast<std::uint16_t>(inside->first + i);
    ports.push_back(port);
  }
  return ports;
}

std::optional<std::vector<PublishedPort>> parse_exposed(std::string_view text) {
  const auto protocol = take_protocol(text);
  const auto range = protocol ? port_range(text) : std::nullopt;
  if (!range) return std::nullopt;
  std::vector<PublishedPort> ports;
  for (unsigned i = 0; i < range->count(); ++i)
    ports.push_back({.host = {}, .port = static_cast<std::uint16_t>(range->first + i), .protocol = *protocol});
  return ports;
}

HostLine parse_host_line(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto ip = colon == std::string_view::npos ? std::nullopt : net::Ip::parse(text.substr(colon + 1));
  if (!ip || !is_word(name) || name.front() == '#') throw bad("--add-host", text, "NAME:ADDRESS");
  return {*ip, std::string(name)};
}

void check_resolver(const ResolverWish& wish) {
  for (const std::string& server : wish.servers)
    if (!net::Ip::parse(server)) throw bad("--dns", server, "the address of a name server");
  for (const std::string& domain : wish.search)
    if (!is_word(domain)) throw bad("--dns-search", domain, "one domain, or . for none");
  for (const std::string& option : wish.options)
    if (!is_word(option)) throw bad("--dns-option", option, "one option of man 5 resolv.conf, as ndots:2");
}

void check_wish(const Wish& wish) {
  check_resolver(wish.resolver);
  // They become words of lines in the neighbours' hosts files.
  for (const std::string& name : wish.names)
    if (!is_word(name) || name.front() == '#')
      throw Error(ErrorKind::Usage, text::join("the name ", text::quoted(name), " cannot stand in /etc/hosts"))
          .with_hint("a container on a network needs a host name without blanks and control characters");
  std::set<std::string_view> devices, networks;
  for (const EndpointWish& endpoint : wish.endpoints) {
    if (!networks.insert(endpoint.network).second)
      throw Error(ErrorKind::Usage, text::join("--net: network ", endpoint.network, " is given twice"));
    if (!endpoint.device.empty() && !devices.insert(endpoint.device).second)
      throw Error(ErrorKind::Usage, text::join("--net: two devices would be called ", endpoint.device));
  }
  if (!wish.ports.empty() && wish.endpoints.empty() && !wish.from_user_space)
    throw Error(ErrorKind::Usage, "--publish: the container has no network that a port could lead to")
        .with_hint("name one with --net: `--net default` is there on first use");
  if (wish.ports.size() > kMostPorts)
    throw Error(ErrorKind::Usage,
                text::join("--publish: ", wish.ports.size(), " ports; at most ", kMostPorts, " are possible"));
}

}  // namespace caisson::network
