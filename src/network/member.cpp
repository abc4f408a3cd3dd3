#include "network/member.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/address_fields.hpp"
#include "state/identity_fields.hpp"

namespace caisson::json {

template <>
struct Names<net::Protocol> {
  static constexpr std::string_view what = "protocol";
  static constexpr Name<net::Protocol> table[] = {{"tcp", net::Protocol::Tcp}, {"udp", net::Protocol::Udp}};
};

}  // namespace caisson::json

namespace caisson::network {

template <class Fields, json::same_struct<Endpoint> E>
void visit_fields(Fields& fields, E& endpoint) {
  fields.required("network", endpoint.network);
  fields.required("device", endpoint.device);
  fields.required("hostLink", endpoint.host_link);
  fields.required("mac", endpoint.mac);
  fields.required("ip", endpoint.ip);
  fields.optional("ip6", endpoint.ip6);
  fields.optional("metric", endpoint.metric);
}

template <class Fields, json::same_struct<LentDevice> D>
void visit_fields(Fields& fields, D& lent) {
  fields.required("name", lent.name);
  fields.required("device", lent.device);
  fields.optional("index", lent.index);
  fields.required("mtu", lent.mtu);
  fields.optional("up", lent.up);
  fields.optional("mac", lent.mac);
  fields.optional("addresses", lent.addresses);
  fields.optional("routes", lent.routes);
}

template <class Fields, json::same_struct<PublishedPort> P>
void visit_fields(Fields& fields, P& port) {
  fields.optional("host", port.host);
  fields.required("hostPort", port.host_port);
  fields.required("port", port.port);
  fields.required("protocol", port.protocol);
}

template <class Fields, json::same_struct<HostLine> H>
void visit_fields(Fields& fields, H& line) {
  fields.required("ip", line.ip);
  fields.required("name", line.name);
}

template <class Fields, json::same_struct<Member> M>
void visit_fields(Fields& fields, M& member) {
  fields.required("id", member.id);
  fields.optional("names", member.names);
  fields.optional("hostName", member.host_name);
  fields.required("owner", member.owner);
  fields.optional("attached", member.attached);
  fields.optional("endpoints", member.endpoints);
  fields.optional("devices", member.devices);
  fields.optional("ports", member.ports);
  fields.optional("hostLines", member.host_lines);
}

std::string to_json(const Member& member) { return json::write_document(member, json::kCompact); }

Member parse_member(std::string_view json, std::string_view path) {
  try {
    return json::read_document<Member>(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::State, text::join(path, ": ", error.message()));
  }
}

std::string mac_bytes(std::string_view text) {
  std::string bytes;
  if (text.empty()) return bytes;
  for (const std::string_view part : text::split(text, ':'))
    bytes += static_cast<char>(text::parse_number<std::uint8_t>(part, 16).value_or(0));
  return bytes;
}

std::string from_hexadecimal(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto byte = text::parse_number<std::uint8_t>(text.substr(i, 2), 16);
    if (!byte || text.size() % 2 != 0) throw Error(ErrorKind::State, "the record of a network device cannot be read");
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

std::string outside_text(const PublishedPort& port) {
  const std::string host = !port.host.given()  ? std::string("0.0.0.0")
                           : port.host.is_v6() ? text::join("[", port.host.text(), "]")
                                               : port.host.text();
  return text::join(host, ":", port.host_port);
}

std::string inside_text(const PublishedPort& port) {
  return text::join(port.port, port.protocol == net::Protocol::Udp ? "/udp" : "/tcp");
}

const Endpoint* endpoint_on(const Member& member, std::string_view network) {
  const auto found = std::ranges::find(member.endpoints, network, &Endpoint::network);
  return found == member.endpoints.end() ? nullptr : &*found;
}

}  // namespace caisson::network
