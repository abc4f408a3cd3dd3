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

void add_host(std::string& out, const net::Ip& ip, const Member& member) {
  if (!ip.given() || member.names.empty()) return;
  out += ip.text();
  for (const std::string& name : member.names) out += text::join(" ", name);
  out += '\n';
}

void add_member(std::string& out, const Member& member, const Endpoint& endpoint) {
  add_host(out, endpoint.ip, member);
  add_host(out, endpoint.ip6, member);
}

}  // namespace

std::string hosts_text(const Member& member, const std::vector<Member>& all) {
  std::string out = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  for (const HostLine& line : member.host_lines) out += text::join(line.ip.text(), " ", line.name, "\n");
  for (const Endpoint& own : member.endpoints) add_member(out, member, own);
  for (const Endpoint& own : member.endpoints)
    for (const Member& other : all) {
      const Endpoint* there = endpoint_on(other, own.network);
      if (other.id != member.id && other.attached && there != nullptr) add_member(out, other, *there);
    }
  if (member.endpoints.empty() && !member.names.empty()) out += text::join("127.0.0.1 ", member.names.front(), "\n");
  return out;
}

std::string hostname_text(const Member& member) {
  return member.names.empty() ? std::string() : text::join(member.names.front(), "\n");
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
