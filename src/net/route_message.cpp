#include "net/route_message.hpp"

#include <linux/netlink.h>

#include <algorithm>

namespace caisson::net {
std::optional<RouteMessage> take_message(std::string_view& datagram) {
  nlmsghdr header;
  if (datagram.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, datagram.data(), sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > datagram.size()) return std::nullopt;
  const RouteMessage message{header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq,
                             datagram.substr(sizeof header, header.nlmsg_len - sizeof header)};
  datagram.remove_prefix(std::min(aligned(header.nlmsg_len), datagram.size()));
  return message;
}

std::optional<Attribute> take_attribute(std::string_view& attributes) {
  nlattr header;
  if (attributes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, attributes.data(), sizeof header);
  if (header.nla_len < sizeof header || header.nla_len > attributes.size()) return std::nullopt;
  const Attribute attribute{static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
                            attributes.substr(sizeof header, header.nla_len - sizeof header)};
  attributes.remove_prefix(std::min(aligned(header.nla_len), attributes.size()));
  return attribute;
}

std::optional<Attribute> find_attribute(std::string_view attributes, std::uint16_t type) {
  while (const auto attribute = take_attribute(attributes))
    if (attribute->type == type) return attribute;
  return std::nullopt;
}

RouteRequest::RouteRequest(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, std::string_view family_header)
    : is_dump_((flags & NLM_F_DUMP) == NLM_F_DUMP) {
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  header.nlmsg_seq = sequence;
  bytes_ = bytes_of(header);
  bytes_ += family_header;
  bytes_.resize(aligned(bytes_.size()), '\0');
  write_length();
}

void RouteRequest::add(std::uint16_t type, std::string_view payload) {
  const nlattr header{static_cast<std::uint16_t>(sizeof header + payload.size()), type};
  bytes_ += bytes_of(header);
  bytes_ += payload;
  bytes_.resize(aligned(bytes_.size()), '\0');
  write_length();
}

void RouteRequest::add_number(std::uint16_t type, std::uint32_t number) { add(type, bytes_of(number)); }

void RouteRequest::add_words(std::uint16_t type, std::string_view words) { add(type, std::string(words) + '\0'); }

std::size_t RouteRequest::begin_nest(std::uint16_t type, std::string_view header) {
  const std::size_t begin = bytes_.size();
  add(static_cast<std::uint16_t>(type | NLA_F_NESTED), header);
  return begin;
}

void RouteRequest::end_nest(std::size_t begin) {
  const auto length = static_cast<std::uint16_t>(bytes_.size() - begin);
  std::memcpy(bytes_.data() + begin + offsetof(nlattr, nla_len), &length, sizeof length);
}

void RouteRequest::write_length() {
  const auto length = static_cast<std::uint32_t>(bytes_.size());
  std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
}

}  // namespace caisson::net
