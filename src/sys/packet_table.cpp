#include "sys/packet_table.hpp"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "sys/call.hpp"
#include "sys/file.hpp"

namespace caisson::sys {
namespace {

constexpr char kTable[] = "filter";
constexpr int kDropped = -NF_DROP - 1;
constexpr unsigned kMostBytes = 16U << 20;

bool is_in_use() {
  auto names = read_file(kCwd, "/proc/self/net/ip_tables_names");
  return names.ok() && ("\n" + names.value()).find(std::string("\n") + kTable + "\n") != std::string::npos;
}

// What the chain does with whom no rule has met: its last entry.
bool last_entry_drops(std::string_view entries, std::size_t at) {
  ipt_entry entry{};
  xt_standard_target target{};
  if (at > entries.size() || entries.size() - at < sizeof entry) return false;
  std::memcpy(&entry, entries.data() + at, sizeof entry);
  const std::size_t place = at + entry.target_offset;
  if (place > entries.size() || entries.size() - place < sizeof target) return false;
  std::memcpy(&target, entries.data() + place, sizeof target);
  return target.verdict == kDropped;
}

}  // namespace

SysResult<LegacyFilter> read_legacy_filter() {
  using Result = SysResult<LegacyFilter>;
  if (!is_in_use()) return Result::failed(ENOENT);
  const long number = call(SYS_socket, AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (number < 0) return Result::failed(static_cast<int>(-number));
  const UniqueFd socket(static_cast<int>(number));
  ipt_getinfo info{};
  std::memcpy(info.name, kTable, sizeof kTable);
  socklen_t length = sizeof info;
  const auto asked = status_of(call(SYS_getsockopt, socket.get(), IPPROTO_IP, IPT_SO_GET_INFO, &info, &length));
  if (!asked.ok()) return Result::failed(asked.err());
  if (info.size > kMostBytes) return Result::failed(EFBIG);
  std::string buffer(sizeof(ipt_get_entries) + info.size, '\0');
  std::memcpy(buffer.data(), kTable, sizeof kTable);
  std::memcpy(buffer.data() + offsetof(ipt_get_entries, size), &info.size, sizeof info.size);
  length = static_cast<socklen_t>(buffer.size());
  const auto read = status_of(call(SYS_getsockopt, socket.get(), IPPROTO_IP, IPT_SO_GET_ENTRIES, buffer.data(), &length));
  if (!read.ok()) return Result::failed(read.err());  // EAGAIN: it changed meanwhile
  LegacyFilter filter{.entries = buffer.substr(sizeof(ipt_get_entries))};
  filter.forward_drops = last_entry_drops(filter.entries, info.underflow[NF_INET_FORWARD]);
  return filter;
}

}  // namespace caisson::sys
