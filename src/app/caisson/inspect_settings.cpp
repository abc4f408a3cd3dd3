#include "app/caisson/inspect_settings.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "network/store.hpp"
#include "network/wish.hpp"
#include "request/parse.hpp"

namespace caisson::app::human {
namespace {

using network::Member;
using network::PublishedPort;

void write_ports(json::Writer& out, const std::vector<PublishedPort>& ports) {
  std::map<std::string, std::vector<const PublishedPort*>> by_inside;
  for (const PublishedPort& port : ports) by_inside[inside_text(port)].push_back(&port);
  out.key("Ports").begin_object();
  for (const auto& [inside, leads] : by_inside) {
    out.key(inside).begin_array();
    for (const PublishedPort* port : leads) {
      out.begin_object().key("HostIp").string(port->host.given() ? port->host.text() : "0.0.0.0");
      out.key("HostPort").string(text::join(port->host_port)).end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_endpoint(json::Writer& out, const network::Endpoint& endpoint, const std::optional<network::Definition>& on) {
  out.key(endpoint.network).begin_object();
  out.key("Device").string(endpoint.device).key("HostDevice").string(endpoint.host_link);
  out.key("MacAddress").string(endpoint.mac);
  out.key("IPAddress").string(endpoint.ip.text()).key("IPPrefixLen").integer(on ? on->subnet.prefix : 0);
  out.key("Gateway").string(on && !on->internal ? on->gateway.text() : "");
  const bool has_v6 = endpoint.ip6.given();
  out.key("GlobalIPv6Address").string(has_v6 ? endpoint.ip6.text() : "");
  out.key("GlobalIPv6PrefixLen").integer(has_v6 && on ? on->subnet6.prefix : 0);
  out.key("IPv6Gateway").string(has_v6 && on && !on->internal ? on->gateway6.text() : "");
  out.end_object();
}

void write_mount(json::Writer& out, const spec::Mount& mount) {
  const bool read_only = std::ranges::find(mount.options, "ro") != mount.options.end();
  out.begin_object().key("Type").string(mount.type == "tmpfs" ? "tmpfs" : "bind");
  out.key("Source").string(mount.type == "tmpfs" ? "" : mount.source).key("Destination").string(mount.destination);
  out.key("Mode").string(text::join_with(mount.options, ",")).key("RW").boolean(!read_only).end_object();
}

std::vector<PublishedPort> wanted_ports(const life::Record& record) {
  std::vector<PublishedPort> ports;
  for (const life::GivenOption& given : record.options)
    if (given.name == "publish" && given.value)
      for (const PublishedPort& port : network::parse_publish(*given.value)) ports.push_back(port);
  return ports;
}

}  // namespace

void write_network_settings(json::Writer& out, const std::string& state_root, const life::Record& record) {
  const network::Places places = network::places_of(state_root);
  std::optional<network::Store> store;
  if (network::is_member(places, record.id)) store.emplace(places);
  const auto member = store ? store->member(record.id) : std::nullopt;
  out.key("NetworkSettings").begin_object();
  write_ports(out, member ? member->ports : std::vector<PublishedPort>());
  out.key("Networks").begin_object();
  if (member)
    for (const network::Endpoint& endpoint : member->endpoints) write_endpoint(out, endpoint, store->find(endpoint.network));
  out.end_object().end_object();
}

void write_mounts(json::Writer& out, const life::Record& record) {
  out.key("Mounts").begin_array();
  for (const life::GivenOption& given : record.options) {
    if (!given.value) continue;
    if (given.name == "volume") write_mount(out, request::parse_volume(*given.value, record.directory));
    if (given.name == "tmpfs") write_mount(out, request::parse_tmpfs(*given.value));
  }
  out.end_array();
}

std::string published_text(const life::Record& record) {
  std::string all;
  for (const PublishedPort& port : wanted_ports(record))
    all += text::join(all.empty() ? "" : ", ", outside_text(port), "->", inside_text(port));
  return all;
}

}  // namespace caisson::app::human
