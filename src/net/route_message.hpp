// What travels over a route socket, taken apart: messages of a datagram, attributes of a message, and a request put together.
// Nothing here trusts a length: a message or attribute that says it is longer than what holds it ends the walk. man 7 netlink,
// man 3 rtnetlink.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace caisson::net {

// The number at the front of the bytes; 0 when they are too few.
template <std::integral Number>
Number number_in(std::string_view bytes) {
  Number number = 0;
  if (bytes.size() >= sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

// Messages and attributes begin at multiples of four bytes.
constexpr std::size_t aligned(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

struct RouteMessage {
  std::uint16_t type = 0, flags = 0;
  std::uint32_t sequence = 0;
  std::string_view body;  // after the netlink header
};
// Takes the first message off a datagram; nothing: it is empty, or what is left is no message.
std::optional<RouteMessage> take_message(std::string_view& datagram);

struct Attribute {
  std::uint16_t type = 0;  // without the flags "nested" and "network byte order"
  std::string_view payload;
  // A name: up to its terminating zero.
  std::string_view words() const { return payload.substr(0, payload.find('\0')); }
};
std::optional<Attribute> take_attribute(std::string_view& attributes);
// The first of that type in a nest; nothing if there is none.
std::optional<Attribute> find_attribute(std::string_view attributes, std::uint16_t type);

class RouteRequest {
 public:
  RouteRequest(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::string_view family_header);
  void add(std::uint16_t type, std::string_view payload);
  void add_number(std::uint16_t type, std::uint32_t number);
  // With its terminating zero.
  void add_words(std::uint16_t type, std::string_view words);
  // An attribute that holds others: all that is added by `fill`. header: what stands before them (the other end of a veth).
  template <class Fill>
  void add_nest(std::uint16_t type, const Fill& fill, std::string_view header = {}) {
    const std::size_t begin = begin_nest(type, header);
    fill();
    end_nest(begin);
  }
  std::string_view bytes() const { return bytes_; }
  bool is_dump() const { return is_dump_; }

 private:
  std::size_t begin_nest(std::uint16_t type, std::string_view header);
  void end_nest(std::size_t begin);
  void write_length();
  std::string bytes_;
  bool is_dump_;
};

template <class Plain>
std::string_view bytes_of(const Plain& plain) {
  return {reinterpret_cast<const char*>(&plain), sizeof plain};
}

}  // namespace caisson::net
