// Bind mounts of namespace files. The caller's own by its mountinfo; those of other mount namespaces by walking the kernel's
// list of mount namespaces and listmount(2), on older kernels by the mountinfo of one process of each.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>

#include "base/text.hpp"
#include "inspect/hidden_mount.hpp"
#include "inspect/nsfs_mounts.hpp"
#include "inspect/scan_steps.hpp"
#include "sys/mount_listing.hpp"

namespace caisson::inspect {
namespace {

void add_holder(Scan& scan, const NsfsMount& mount, pid_t pid, std::uint64_t mount_namespace) {
  const ns::Kind* const kind = ns::find_kind(mount.kind);
  if (kind == nullptr || !scan.wants(kind->type)) return;
  std::vector<Holder>& holders = scan.table[scan.table.place(kind->type, mount.inode)].holders;
  // A file that is mounted over itself, as `ip netns` does on a shared mount, is one place.
  const bool seen = std::ranges::any_of(holders, [&](const Holder& other) {
    return other.how == HeldBy::Mount && other.mount_namespace == mount_namespace && other.path == mount.path;
  });
  if (!seen) holders.push_back({.how = HeldBy::Mount, .pid = pid, .path = mount.path, .mount_namespace = mount_namespace});
}

class OtherMounts {
 public:
  explicit OtherMounts(Scan& scan);

  void look_everywhere();

 private:
  void walk_kernel_list();
  void look_at_known();
  void look_into(sys::BorrowedFd mount_namespace, std::uint64_t inode, pid_t pid);
  bool list(sys::BorrowedFd mount_namespace, std::uint64_t inode, pid_t pid);
  void look_at_mount(std::uint64_t number, std::uint64_t mount, std::uint64_t inode, pid_t pid);
  pid_t process_in(std::uint64_t inode) const;
  void look_by_process(std::uint64_t inode, pid_t pid);

  Scan& scan_;
  std::uint64_t own_ = kUnknown;
  std::map<std::uint64_t, pid_t> process_in_;  // the first of each mount namespace
  std::set<std::uint64_t> looked_into_;
  std::vector<std::uint64_t> mounts_ = std::vector<std::uint64_t>(512);
  std::vector<char> text_ = std::vector<char>(std::size_t{16} << 10);
};

OtherMounts::OtherMounts(Scan& scan) : scan_(scan) {
  own_ = scan.proc.namespace_link(scan.proc.root(), "self/ns/mnt").or_throw("read /proc/self/ns/mnt");
  looked_into_.insert(own_);
  for (const Process& process : scan.machine.processes)
    if (const std::uint64_t inode = process.namespaces[static_cast<std::size_t>(ns::Type::Mount)]; inode != kUnknown)
      process_in_.try_emplace(inode, process.pid);
}

pid_t OtherMounts::process_in(std::uint64_t inode) const {
  const auto found = process_in_.find(inode);
  return found == process_in_.end() ? 0 : found->second;
}

void OtherMounts::look_at_mount(std::uint64_t number, std::uint64_t mount, std::uint64_t inode, pid_t pid) {
  const auto magic = sys::magic_of_mount(number, mount);
  if (!magic.ok() || magic.value() != static_cast<std::uint64_t>(sys::abi::kNsfsMagic)) return;
  auto place = sys::place_of_mount(number, mount, text_);
  while (place.err() == EOVERFLOW) {
    text_.resize(text_.size() * 2);
    place = sys::place_of_mount(number, mount, text_);
  }
  if (!place.ok()) return;
  const NamespaceName name = parse_namespace_name(place.value().root);
  if (name.inode != 0) add_holder(scan_, {std::string(name.kind), name.inode, std::string(place.value().point)}, pid, inode);
}

// Whether the kernel could tell.
bool OtherMounts::list(sys::BorrowedFd mount_namespace, std::uint64_t inode, pid_t pid) {
  const auto number = sys::mount_namespace_id(mount_namespace);
  if (!number.ok()) return false;
  std::uint64_t after = 0;
  for (;;) {
    const auto listed = sys::list_mounts(number.value(), after, mounts_);
    if (!listed.ok()) return false;
    for (std::size_t i = 0; i < listed.value(); ++i) look_at_mount(number.value(), mounts_[i], inode, pid);
    if (listed.value() < mounts_.size()) return true;
    after = mounts_.back();
  }
}

void OtherMounts::look_into(sys::BorrowedFd mount_namespace, std::uint64_t inode, pid_t pid) {
  if (list(mount_namespace, inode, pid) || pid == 0) return;
  const auto file = sys::read_file(scan_.proc.root(), ProcPath(pid, "/mountinfo").c_str());
  if (!file.ok()) return;
  for (const NsfsMount& mount : nsfs_mounts(file.value())) add_holder(scan_, mount, pid, inode);
}

void OtherMounts::walk_kernel_list() {
  for_each_mount_namespace([&](sys::BorrowedFd fd, std::uint64_t inode) {
    if (!looked_into_.insert(inode).second) return true;
    if (scan_.wants(ns::Type::Mount)) scan_.table.place(ns::Type::Mount, inode);
    look_into(fd, inode, process_in(inode));
    return true;
  });
}

void OtherMounts::look_by_process(std::uint64_t inode, pid_t pid) {
  if (!looked_into_.insert(inode).second) return;
  auto opened = scan_.proc.open(ProcPath(pid, "/ns/mnt"), O_RDONLY);
  if (opened.ok()) look_into(opened.value().borrow(), inode, pid);
}

void OtherMounts::look_at_known() {
  for (const auto& [inode, pid] : process_in_) look_by_process(inode, pid);
  // By place: looking may find further ones.
  for (std::size_t i = 0; i < scan_.table.size(); ++i) {
    if (scan_.table[i].type != ns::Type::Mount || !looked_into_.insert(scan_.table[i].inode).second) continue;
    const std::uint64_t inode = scan_.table[i].inode;
    const sys::NamespaceFd opened = open_entry(scan_.machine, scan_.table[i]);
    if (opened.valid()) look_into(opened.borrow(), inode, process_in(inode));
  }
}

void OtherMounts::look_everywhere() {
  walk_kernel_list();
  look_at_known();
}

}  // namespace

void scan_own_mounts(Scan& scan) {
  const std::string text = sys::read_file(scan.proc.root(), "self/mountinfo").or_throw("read /proc/self/mountinfo");
  for (const NsfsMount& mount : nsfs_mounts(text)) add_holder(scan, mount, 0, 0);
}

void scan_other_mounts(Scan& scan) { OtherMounts(scan).look_everywhere(); }

}  // namespace caisson::inspect
