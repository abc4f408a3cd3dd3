#include "network/name_files.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace caisson::network {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// "nameserver  10.0.0.1" -> its two halves.
struct Line {
  std::string_view key, rest;
};
Line read_line(std::string_view line) {
  line = text::trim(line);
  const auto end = std::ranges::find_if(line, is_blank);
  const auto length = static_cast<std::size_t>(end - line.begin());
  return {line.substr(0, length), text::trim(line.substr(length))};
}

bool is_loopback_server(std::string_view address) {
  const auto ip = net::Ip::parse(address);
  return ip && ip->is_loopback();
}

void add_lines(std::string& out, const Endpoint& endpoint, const std::vector<std::string>& names) {
  for (const net::Ip& ip : {endpoint.ip, endpoint.ip6})
    if (ip.given() && !names.empty()) out += text::join(ip.text(), " ", text::join_with(names, " "), "\n");
}

std::vector<std::string> own_names(const Member& member) {
  std::vector<std::string> names = member.names;
  const bool known = std::ranges::find(names, member.host_name) != names.end();
  if (!known && !member.host_name.empty()) names.insert(names.begin(), member.host_name);
  return names;
}

}  // namespace

std::string hosts_text(const Member& member, const std::vector<Member>& all) {
  std::string out = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  for (const HostLine& line : member.host_lines) out += text::join(line.ip.text(), " ", line.name, "\n");
  for (const Endpoint& own : member.endpoints) add_lines(out, own, own_names(member));
  for (const Endpoint& own : member.endpoints)
    for (const Member& other : all) {
      const Endpoint* there = endpoint_on(other, own.network);
      if (other.id != member.id && other.attached && there != nullptr) add_lines(out, *there, other.names);
    }
  if (member.endpoints.empty() && !member.host_name.empty()) out += text::join("127.0.0.1 ", member.host_name, "\n");
  return out;
}

std::string hostname_text(const Member& member) {
  return member.host_name.empty() ? std::string() : text::join(member.host_name, "\n");
}

bool names_only_loopback(std::string_view host_text) {
  bool any = false;
  for (const std::string_view line : text::split(host_text, '\n')) {
    const Line parts = read_line(line);
    if (parts.key != "nameserver") continue;
    if (!is_loopback_server(parts.rest)) return false;
    any = true;
  }
  return any;
}

std::string resolv_text(const Wish& wish, std::string_view host_text) {
  const ResolverWish& resolver = wish.resolver;
  std::string out;
  for (const std::string& server : resolver.servers) out += text::join("nameserver ", server, "\n");
  const bool no_search = resolver.search.size() == 1 && resolver.search.front() == ".";
  if (!resolver.search.empty() && !no_search) out += text::join("search ", text::join_with(resolver.search, " "), "\n");
  if (!resolver.options.empty()) out += text::join("options ", text::join_with(resolver.options, " "), "\n");
  const bool other_way = resolver.servers.empty() && !wish.resolver_inside.empty() && names_only_loopback(host_text);
  if (other_way) out += text::join("nameserver ", wish.resolver_inside, "\n");
  for (const std::string_view line : text::split(host_text, '\n')) {
    const Line parts = read_line(line);
    const bool server =
        parts.key == "nameserver" && resolver.servers.empty() && (wish.shares_host || !is_loopback_server(parts.rest));
    const bool search = (parts.key == "search" || parts.key == "domain") && resolver.search.empty();
    const bool options = (parts.key == "options" || parts.key == "sortlist") && resolver.options.empty();
    if (server || search || options) out += text::join(parts.key, " ", parts.rest, "\n");
  }
  return out;
}

}  // namespace caisson::network
