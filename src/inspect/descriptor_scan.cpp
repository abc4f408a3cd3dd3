// Descriptors that keep namespaces: open files of nsfs, and sockets, which live in the network namespace that they were made in
// wherever their process goes. A socket's is asked for by a copy of the descriptor (pidfd_getfd), once for each socket.
#include <fcntl.h>

#include <limits>
#include <unordered_map>

#include "base/text.hpp"
#include "inspect/scan_steps.hpp"
#include "sys/namespace_relations.hpp"
#include "sys/netdevice.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

class DescriptorScan {
 public:
  explicit DescriptorScan(Scan& scan) : scan_(scan) {}

  void look_at(const Process& process);

 private:
  static constexpr int kAll = std::numeric_limits<int>::max();

  int look_at_first_ones(const Process& process, sys::BorrowedFd dir);
  void look_at_descriptor(const Process& process, int number, std::string_view target);
  std::uint64_t network_of(const Process& process, int number, std::uint64_t socket);
  std::uint64_t ask_network(sys::BorrowedFd socket);

  Scan& scan_;
  sys::Pidfd pidfd_;  // of the process that is looked at; opened at its first socket
  std::unordered_map<std::uint64_t, std::uint64_t> network_by_socket_, network_by_cookie_;
};

std::uint64_t DescriptorScan::ask_network(sys::BorrowedFd socket) {
  const auto cookie = sys::network_cookie(socket);
  if (cookie.ok())
    if (const auto known = network_by_cookie_.find(cookie.value()); known != network_by_cookie_.end()) return known->second;
  const auto network = sys::network_namespace_of(socket);
  if (!network.ok()) return kUnknown;
  const auto status = sys::status_of_fd(network.value().borrow());
  const std::uint64_t inode = status.ok() ? status.value().inode : kUnknown;
  if (cookie.ok()) network_by_cookie_.emplace(cookie.value(), inode);
  return inode;
}

std::uint64_t DescriptorScan::network_of(const Process& process, int number, std::uint64_t socket) {
  if (const auto known = network_by_socket_.find(socket); known != network_by_socket_.end()) return known->second;
  if (!pidfd_.valid()) {
    auto opened = sys::open_pidfd(process.pid);
    if (!opened.ok()) return kUnknown;
    pidfd_ = std::move(opened).value();
  }
  const auto copy = sys::descriptor_of(pidfd_, number);
  if (!copy.ok()) return kUnknown;
  const std::uint64_t network = ask_network(copy.value().borrow());
  network_by_socket_.emplace(socket, network);
  return network;
}

void DescriptorScan::look_at_descriptor(const Process& process, int number, std::string_view target) {
  const NamespaceName name = parse_namespace_name(target);
  if (name.inode == 0) return;
  if (name.kind == "socket") {
    if (!scan_.wants(ns::Type::Network)) return;
    const std::uint64_t network = network_of(process, number, name.inode);
    if (network == kUnknown || network == scan_.home_of(process, ns::Type::Network)) return;
    scan_.table[scan_.table.place(ns::Type::Network, network)].holders.push_back(
        {.how = HeldBy::Socket, .pid = process.pid, .descriptor = number});
    return;
  }
  const ns::Kind* const kind = ns::find_kind(name.kind);
  if (kind == nullptr || !scan_.wants(kind->type)) return;
  scan_.table[scan_.table.place(kind->type, name.inode)].holders.push_back(
      {.how = HeldBy::Descriptor, .pid = process.pid, .descriptor = number});
}

// Most processes have few descriptors, without gaps: asking for them by number is half the work of listing them. The
// directory's size is their count since Linux 6.2. Gives the number up to which all have been looked at.
int DescriptorScan::look_at_first_ones(const Process& process, sys::BorrowedFd dir) {
  constexpr std::uint64_t kFew = 12;
  const auto status = sys::status_at(dir, "fd");
  if (!status.ok() || status.value().size == 0 || status.value().size > kFew) return 0;
  const int count = static_cast<int>(status.value().size);
  for (int number = 0; number < count; ++number) {
    const auto target = scan_.proc.link(dir, ProcPath("fd/", number).c_str());
    if (!target.ok()) return number;  // a number that is not there costs more than a list
    look_at_descriptor(process, number, target.value());
  }
  return kAll;
}

void DescriptorScan::look_at(const Process& process) {
  pidfd_ = {};
  const auto dir = scan_.proc.open(ProcPath(process.pid), O_PATH | O_DIRECTORY);
  if (!dir.ok()) return;
  const int seen = look_at_first_ones(process, dir.value().borrow());
  if (seen == kAll) return;
  const auto listed = sys::open_at(dir.value().borrow(), "fd", O_RDONLY | O_DIRECTORY);
  if (!listed.ok()) return;
  sys::DirectoryReader reader = scan_.proc.entries_of(listed.value().borrow());
  for (;;) {
    const auto name = reader.next();
    if (!name.ok() || name.value().empty()) return;
    const auto number = text::parse_number<int>(name.value());
    if (!number || *number < seen) continue;
    const auto target = scan_.proc.link(listed.value().borrow(), name.value().data());
    if (target.ok()) look_at_descriptor(process, *number, target.value());
  }
}

}  // namespace

void scan_descriptors(Scan& scan) {
  DescriptorScan descriptors(scan);
  const pid_t own = sys::process_id();  // what it has open is for this scan
  for (const Process& process : scan.machine.processes)
    if (process.pid != own) descriptors.look_at(process);
}

}  // namespace caisson::inspect
