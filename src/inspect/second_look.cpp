#include "inspect/second_look.hpp"

#include <cstring>
#include <exception>

namespace caisson::inspect {
namespace {

// A holder of one namespace as it goes through the pipe. Mounts are not among them.
struct Finding {
  std::uint64_t inode;
  ns::Type type;
  HeldBy how;
  pid_t pid, thread;
  std::int32_t descriptor;
};

void look(Scan& scan) {
  if (scan.scope.threads) scan_threads(scan);
  if (scan.scope.descriptors) scan_descriptors(scan);
}

std::string findings_of(const Machine& machine) {
  std::string out;
  for (const NamespaceEntry& entry : machine.namespaces)
    for (const Holder& holder : entry.holders) {
      Finding finding;
      std::memset(&finding, 0, sizeof finding);  // the gaps too
      finding.inode = entry.inode;
      finding.type = entry.type;
      finding.how = holder.how;
      finding.pid = holder.pid;
      finding.thread = holder.thread;
      finding.descriptor = holder.descriptor;
      out.append(reinterpret_cast<const char*>(&finding), sizeof finding);
    }
  return out;
}

[[noreturn]] void child_main(const ScanScope& scope, const std::vector<pid_t>& pids, sys::BorrowedFd out) noexcept {
  try {
    const pid_t caller = sys::parent_process_id();
    Machine machine;
    machine.processes.reserve(pids.size());
    for (const pid_t pid : pids) {
      if (pid == caller) continue;  // what it has open is for this scan
      machine.processes.emplace_back();
      machine.processes.back().pid = pid;
    }
    ProcReader proc;  // of its own: the place in a directory belongs to the open file
    NamespaceTable table(machine.namespaces);
    Scan scan{scope, proc, table, machine};
    look(scan);
    sys::exit_now(sys::write_full(out, findings_of(machine)).ok() ? 0 : 1);
  } catch (const std::exception&) {
    sys::exit_now(1);  // the caller looks itself
  }
}

}  // namespace

SecondLook::SecondLook(const ScanScope& scope, const std::vector<pid_t>& pids) : wanted_(scope.threads || scope.descriptors) {
  if (!wanted_) return;
  auto pipe = sys::make_pipe();
  if (!pipe.ok()) return;
  auto cloned = sys::clone_with_pidfd();
  if (!cloned.ok()) return;
  if (cloned.value().pid == 0) child_main(scope, pids, pipe.value().write.borrow());
  child_ = std::move(cloned).value();
  results_ = std::move(pipe.value().read);
}

SecondLook::~SecondLook() {
  if (child_) sys::end_child(child_->pid, child_->process);
}

bool SecondLook::collect(Scan& scan) {
  const auto text = sys::read_full(results_.borrow());
  const auto ended = sys::wait_for(child_->process);
  child_.reset();
  if (!text.ok() || !ended.ok() || ended.value().as_shell() != 0 || text.value().size() % sizeof(Finding) != 0) return false;
  for (std::size_t at = 0; at < text.value().size(); at += sizeof(Finding)) {
    Finding finding;
    std::memcpy(&finding, text.value().data() + at, sizeof finding);
    scan.table[scan.table.place(finding.type, finding.inode)].holders.push_back(
        {.how = finding.how, .pid = finding.pid, .thread = finding.thread, .descriptor = finding.descriptor});
  }
  return true;
}

void SecondLook::finish(Scan& scan) {
  if (wanted_ && !(child_ && collect(scan))) look(scan);
}

}  // namespace caisson::inspect
