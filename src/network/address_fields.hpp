// Addresses in JSON documents: their text.
#pragma once

#include <optional>
#include <string>

#include "json/fields.hpp"
#include "net/ip.hpp"

namespace caisson::json {

template <>
struct ReadAs<net::Ip> {
  static void read(const Value& in, net::Ip& out) {
    const auto ip = net::Ip::parse(in.text());
    if (!ip) in.refuse("this is no IP address");
    out = *ip;
  }
};
template <>
struct ReadAs<net::Subnet> {
  static void read(const Value& in, net::Subnet& out) {
    const auto subnet = net::Subnet::parse(in.text());
    if (!subnet) in.refuse("this is no subnet, as 10.1.0.0/16 is");
    out = *subnet;
  }
};

template <>
inline void write_value<net::Ip>(Writer& out, const net::Ip& value) {
  out.string(value.text());
}
template <>
inline void write_value<net::Subnet>(Writer& out, const net::Subnet& value) {
  out.string(value.text());
}
template <>
inline bool holds_nothing<net::Ip>(const net::Ip& value) {
  return !value.given();
}
template <>
inline bool holds_nothing<net::Subnet>(const net::Subnet& value) {
  return !value.base.given();
}

}  // namespace caisson::json
