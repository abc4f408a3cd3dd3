#include <fcntl.h>

#include <array>
#include <cerrno>
#include <optional>

#include "inspect/scan_steps.hpp"
#include "sys/process.hpp"
#include "sys/process_stat.hpp"

namespace caisson::inspect {
namespace {

enum class Seen : std::uint8_t { Read, Unreadable, Gone };

struct FutureKind {
  ns::Type type;
  const char* link;
};
constexpr std::array kFutureKinds{FutureKind{ns::Type::Pid, "pid_for_children"},
                                  FutureKind{ns::Type::Time, "time_for_children"}};

struct FutureHome {
  ns::Type type;
  std::uint64_t inode;
  pid_t pid;
};

void read_future(Scan& scan, sys::BorrowedFd dir, const Process& process, std::vector<FutureHome>& out) {
  for (const FutureKind& kind : kFutureKinds) {
    if (!scan.wants(kind.type)) continue;
    const auto inode = scan.proc.namespace_link(dir, kind.link);
    if (inode.ok() && inode.value() != process.namespaces[static_cast<std::size_t>(kind.type)])
      out.push_back({kind.type, inode.value(), process.pid});
  }
}

Seen read_namespaces(Scan& scan, Process& process, std::vector<FutureHome>& future) {
  const pid_t pid = process.pid;
  NamespaceInodes& out = process.namespaces;
  const auto dir = scan.proc.open(ProcPath(pid, "/ns"), O_PATH | O_DIRECTORY);
  if (!dir.ok()) return Seen::Gone;
  bool any = false, refused = false;
  for (const ns::Kind& kind : ns::kKinds) {
    if (!scan.reads(kind.type)) continue;
    const auto inode = scan.proc.namespace_link(dir.value().borrow(), kind.proc);
    if (inode.ok()) {
      out[static_cast<std::size_t>(kind.type)] = inode.value();
      any = true;
    } else if (inode.err() == EACCES || inode.err() == EPERM) {
      refused = true;
      break;  // the same right covers all of them
    }
    // ENOENT: a zombie has given most of them back, and an older kernel lacks the kind.
  }
  if (any && scan.scope.future_children) read_future(scan, dir.value().borrow(), process, future);
  if (any) return Seen::Read;
  return refused ? Seen::Unreadable : Seen::Gone;
}

// Without the time at which it started there is a way that does not format a line of 52 numbers.
bool read_by_pidfd(Process& process) {
  const auto pidfd = sys::open_pidfd(process.pid);
  if (!pidfd.ok()) return false;
  const auto info = sys::info_of(pidfd.value());
  if (!info.ok()) return false;
  process.parent = info.value().parent;
  process.uid = info.value().effective;
  return true;
}

bool read_by_stat(ProcReader& proc, Process& process) {
  const auto status = sys::status_at(proc.root(), ProcPath(process.pid).c_str());
  if (!status.ok()) return false;
  process.uid = status.value().uid;
  const auto text = proc.read(ProcPath(process.pid, "/stat"));
  if (!text.ok()) return false;
  const auto stat = sys::parse_process_stat(text.value());
  if (!stat) return false;
  process.parent = stat->parent;
  process.start_time = stat->start_time;
  return true;
}

bool read_identity(Scan& scan, Process& process) {
  if (!scan.scope.identities && !scan.scope.start_times) return true;
  return (!scan.scope.start_times && read_by_pidfd(process)) || read_by_stat(scan.proc, process);
}

// Lists of members are as long as they will be: a heap that never frees pays for every growth.
void add_members(Scan& scan) {
  const std::vector<Process>& processes = scan.machine.processes;
  std::vector<std::size_t> places, counts;
  places.reserve(processes.size() * ns::kKinds.size());
  for (const Process& process : processes)
    for (std::size_t kind = 0; kind < ns::kKinds.size(); ++kind) {
      const std::uint64_t inode = process.namespaces[kind];
      const std::size_t place = inode == kUnknown || !scan.wants(static_cast<ns::Type>(kind))
                                    ? NamespaceTable::kNone
                                    : scan.table.place(static_cast<ns::Type>(kind), inode);
      places.push_back(place);
      if (place == NamespaceTable::kNone) continue;
      if (place >= counts.size()) counts.resize(scan.table.size() + 1024);
      ++counts[place];
    }
  for (std::size_t place = 0; place < scan.table.size(); ++place) scan.table[place].members.reserve(counts[place]);
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] != NamespaceTable::kNone) scan.table[places[i]].members.push_back(i / ns::kKinds.size());
}

}  // namespace

void identify_first_processes(Machine& machine) {
  ProcReader proc;
  std::vector<bool> seen(machine.processes.size(), false);
  for (const NamespaceEntry& entry : machine.namespaces) {
    if (entry.members.empty() || seen[entry.members.front()]) continue;
    seen[entry.members.front()] = true;
    Process& process = machine.processes[entry.members.front()];
    // One that has ended meanwhile stays without them.
    static_cast<void>(read_by_pidfd(process) || read_by_stat(proc, process));
  }
}

std::uint64_t Scan::home_of(const Process& process, ns::Type type) {
  const std::uint64_t known = process.namespaces[static_cast<std::size_t>(type)];
  if (known != kUnknown) return known;
  const auto inode = proc.namespace_link(proc.root(), ProcPath(process.pid, "/ns/", ns::kind_of(type).proc).c_str());
  return inode.ok() ? inode.value() : kUnknown;
}

void scan_processes(Scan& scan, const std::vector<pid_t>& pids) {
  std::vector<FutureHome> future;
  std::vector<Process>& out = scan.machine.processes;
  out.reserve(pids.size());
  for (const pid_t pid : pids) {
    Process process;
    process.pid = pid;
    const Seen seen = read_namespaces(scan, process, future);
    if (seen == Seen::Unreadable) ++scan.machine.unreadable;
    if (seen != Seen::Read || !read_identity(scan, process)) continue;
    out.push_back(std::move(process));
  }
  add_members(scan);
  for (const FutureHome& home : future)
    scan.table[scan.table.place(home.type, home.inode)].holders.push_back({.how = HeldBy::FutureChildren, .pid = home.pid});
}

}  // namespace caisson::inspect
