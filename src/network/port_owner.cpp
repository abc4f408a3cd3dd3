#include "network/port_owner.hpp"

#include <algorithm>
#include <vector>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::network {
namespace {

constexpr std::string_view kListening = "0A";
constexpr std::size_t kLocal = 1, kState = 3, kInode = 9;  // columns

std::vector<std::string_view> columns_of(std::string_view line) {
  auto columns = text::split(line, ' ');
  std::erase_if(columns, [](std::string_view column) { return column.empty(); });
  return columns;
}

bool has_socket(sys::BorrowedFd process, std::uint64_t inode) {
  const auto descriptors = sys::open_at(process, "fd", O_RDONLY | O_DIRECTORY);
  if (!descriptors.ok()) return false;
  const auto entries = sys::list_dir(descriptors.value().borrow());
  if (!entries.ok()) return false;
  const std::string wanted = text::join("socket:[", inode, "]");
  return std::ranges::any_of(entries.value(), [&](const sys::DirEntry& entry) {
    const auto target = sys::read_link(descriptors.value().borrow(), entry.name.c_str());
    return target.ok() && target.value() == wanted;
  });
}

std::string process_with(std::uint64_t inode) {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY);
  if (!proc.ok()) return {};
  const auto entries = sys::list_dir(proc.value().borrow());
  if (!entries.ok()) return {};
  for (const sys::DirEntry& entry : entries.value()) {
    if (!text::parse_number<unsigned>(entry.name)) continue;
    const auto process = sys::open_at(proc.value().borrow(), entry.name.c_str(), O_RDONLY | O_DIRECTORY);
    if (!process.ok() || !has_socket(process.value().borrow(), inode)) continue;
    const auto name = sys::read_file(process.value().borrow(), "comm");
    return text::join(": by ", text::printable(text::trim(name.ok() ? name.value() : "?")), " (pid ", entry.name, ")");
  }
  return {};
}

}  // namespace

std::uint64_t socket_at_port(std::string_view table, std::uint16_t port, net::Protocol protocol) {
  for (const std::string_view line : text::split(table, '\n')) {
    const auto columns = columns_of(line);
    if (columns.size() <= kInode) continue;
    const std::string_view local = columns[kLocal];
    const std::size_t colon = local.rfind(':');
    if (colon == std::string_view::npos || text::parse_number<std::uint16_t>(local.substr(colon + 1), 16) != port) continue;
    if (protocol == net::Protocol::Tcp && columns[kState] != kListening) continue;
    return text::parse_number<std::uint64_t>(columns[kInode]).value_or(0);
  }
  return 0;
}

std::string port_owner(std::uint16_t port, net::Protocol protocol) {
  for (const std::string_view family : {"", "6"}) {
    const std::string path = text::join("/proc/self/net/", protocol == net::Protocol::Tcp ? "tcp" : "udp", family);
    const auto table = sys::read_file(sys::kCwd, path.c_str());
    const std::uint64_t inode = table.ok() ? socket_at_port(table.value(), port, protocol) : 0;
    if (inode != 0) return process_with(inode);
  }
  return {};
}

}  // namespace caisson::network
