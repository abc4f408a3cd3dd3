#include "app/caisson/inspect_settings.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "life/layer.hpp"
#include "mount/image_volume.hpp"
#include "network/store.hpp"
#include "network/wish.hpp"
#include "request/parse.hpp"
#include "spec/default_spec.hpp"

namespace caisson::app::human {
namespace {

using network::Member;
using network::PublishedPort;

// As "80/tcp". What the image says in words that are not known stays as it is.
std::vector<std::string> exposed_texts(const life::Record& record) {
  std::vector<std::string> texts;
  for (const std::string& exposed : record.exposed)
    if (const auto ports = network::parse_exposed(exposed))
      for (const PublishedPort& port : *ports) texts.push_back(inside_text(port));
    else
      texts.push_back(exposed);
  return texts;
}

// null: exposed, and not published.
void write_ports(json::Writer& out, const std::vector<PublishedPort>& ports, const std::vector<std::string>& exposed) {
  std::map<std::string, std::vector<const PublishedPort*>> by_inside;
  for (const std::string& inside : exposed) by_inside[inside];
  for (const PublishedPort& port : ports) by_inside[inside_text(port)].push_back(&port);
  out.key("Ports").begin_object();
  for (const auto& [inside, leads] : by_inside) {
    out.key(inside);
    if (leads.empty()) {
      out.null();
      continue;
    }
    out.begin_array();
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

std::optional<network::Member> member_of(const std::string& state_root, const life::Record& record) {
  const network::Places places = network::places_of(state_root);
  if (!network::is_member(places, record.id)) return std::nullopt;
  return network::Store(places).member(record.id);
}

// The record of networks is looked at, under their lock, only where the wish does not say the numbers.
std::vector<PublishedPort> published_ports(const std::string& state_root, const life::Record& record) {
  std::vector<PublishedPort> ports = wanted_ports(record);
  const bool any = record.option("publish-all") != nullptr ||
                   std::ranges::any_of(ports, [](const PublishedPort& port) { return port.host_port == 0; });
  if (!any) return ports;
  const auto member = member_of(state_root, record);
  return member ? member->ports : std::vector<PublishedPort>();
}

}  // namespace

void write_network_settings(json::Writer& out, const std::string& state_root, const life::Record& record) {
  const network::Places places = network::places_of(state_root);
  std::optional<network::Store> store;
  if (network::is_member(places, record.id)) store.emplace(places);
  const auto member = store ? store->member(record.id) : std::nullopt;
  out.key("NetworkSettings").begin_object();
  if (member)
    write_ports(out, member->ports, exposed_texts(record));
  else
    write_ports(out, {}, {});
  out.key("Networks").begin_object();
  if (member)
    for (const network::Endpoint& endpoint : member->endpoints) write_endpoint(out, endpoint, store->find(endpoint.network));
  out.end_object().end_object();
}

void write_mounts(json::Writer& out, const life::Record& record, const std::string& directory) {
  std::vector<spec::Mount> mounts;
  for (const life::GivenOption& given : record.options) {
    if (!given.value) continue;
    if (given.name == "volume") mounts.push_back(request::parse_volume(*given.value, record.directory));
    if (given.name == "tmpfs") mounts.push_back(request::parse_tmpfs(*given.value));
  }
  out.key("Mounts").begin_array();
  for (const spec::Mount& mount : mounts) write_mount(out, mount);
  for (spec::Mount& usual : spec::default_spec().mounts) mounts.push_back(std::move(usual));
  for (const mount::ImageVolume& volume : mount::own_volumes(record.volumes, mounts)) {
    // Of a container that keeps nothing it is in memory.
    const std::string place =
        record.layer ? text::join(life::layer_path(directory), "/", mount::volume_directory(volume.number)) : "";
    out.begin_object().key("Type").string("volume").key("Source").string(place).key("Destination").string(volume.path);
    out.key("Mode").string("").key("RW").boolean(true).end_object();
  }
  out.end_array();
}

std::string ports_text(const std::string& state_root, const life::Record& record) {
  std::string all;
  std::vector<std::string> seen;
  for (const PublishedPort& port : published_ports(state_root, record)) {
    seen.push_back(inside_text(port));
    all += text::join(all.empty() ? "" : ", ", outside_text(port), "->", seen.back());
  }
  for (const std::string& exposed : exposed_texts(record))
    if (std::ranges::find(seen, exposed) == seen.end()) all += text::join(all.empty() ? "" : ", ", exposed);
  return all;
}

}  // namespace caisson::app::human
