#include <fcntl.h>

#include "base/text.hpp"
#include "inspect/scan_steps.hpp"

namespace caisson::inspect {
namespace {

// The directory counts its entries: "." and "..", then the threads.
bool has_further_threads(Scan& scan, pid_t pid) {
  constexpr std::uint64_t kLinksOfOne = 3;
  const auto status = sys::status_at(scan.proc.root(), ProcPath(pid, "/task").c_str());
  return status.ok() && status.value().links > kLinksOfOne;
}

void read_thread(Scan& scan, const Process& process, pid_t thread) {
  const auto dir = scan.proc.open(ProcPath(process.pid, "/task/", thread, "/ns"), O_PATH | O_DIRECTORY);
  if (!dir.ok()) return;
  for (const ns::Kind& kind : ns::kKinds) {
    if (!scan.wants(kind.type)) continue;
    const auto inode = scan.proc.namespace_link(dir.value().borrow(), kind.proc);
    if (!inode.ok() || inode.value() == scan.home_of(process, kind.type)) continue;
    scan.table[scan.table.place(kind.type, inode.value())].holders.push_back(
        {.how = HeldBy::Thread, .pid = process.pid, .thread = thread});
  }
}

}  // namespace

void scan_threads(Scan& scan) {
  for (const Process& process : scan.machine.processes) {
    if (!has_further_threads(scan, process.pid)) continue;
    const auto tasks = scan.proc.open(ProcPath(process.pid, "/task"), O_RDONLY | O_DIRECTORY);
    if (!tasks.ok()) continue;
    sys::DirectoryReader reader = scan.proc.entries_of(tasks.value().borrow());
    for (;;) {
      const auto name = reader.next();
      if (!name.ok() || name.value().empty()) break;
      const auto thread = text::parse_number<pid_t>(name.value());
      if (thread && *thread != process.pid) read_thread(scan, process, *thread);
    }
  }
}

}  // namespace caisson::inspect
