// Who owns and who is above each namespace, and its number that is never used again. Owners and parents that nothing else holds
// are found here, up to the initial ones. man 2 ioctl_nsfs.
#include <fcntl.h>

#include "inspect/scan_steps.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"

namespace caisson::inspect {
namespace {

class Relations {
 public:
  explicit Relations(Scan& scan) : scan_(scan) {}

  void look_at(std::size_t place);

 private:
  void look_at(std::size_t place, sys::BorrowedFd fd);
  std::uint64_t relative(ns::Type type, sys::SysResult<sys::NamespaceFd> opened);

  Scan& scan_;
};

// The inode of an owner or parent; one that was not known is looked at while it is open.
std::uint64_t Relations::relative(ns::Type type, sys::SysResult<sys::NamespaceFd> opened) {
  if (!opened.ok()) return kUnknown;  // EPERM: initial, or above the caller
  const auto status = sys::status_of_fd(opened.value().borrow());
  if (!status.ok()) return kUnknown;
  const std::uint64_t inode = status.value().inode;
  if (!scan_.wants(type) || scan_.table.find(type, inode) != NamespaceTable::kNone) return inode;
  const std::size_t place = scan_.table.place(type, inode);
  scan_.table[place].holders.push_back({.how = HeldBy::Children});
  look_at(place, opened.value().borrow());  // at most 32 deep: the kernel's limit of nesting
  return inode;
}

void Relations::look_at(std::size_t place, sys::BorrowedFd fd) {
  const ns::Type type = scan_.table[place].type;
  if (const auto id = sys::namespace_id(fd); id.ok()) scan_.table[place].id = id.value();
  auto owner_file = sys::owning_user_namespace(fd);
  const bool has_maker = type == ns::Type::User || owner_file.ok();
  if (has_maker)
    if (const auto uid = sys::maker_of_user_namespace(type == ns::Type::User ? fd : owner_file.value().borrow()); uid.ok())
      scan_.table[place].owner_uid = uid.value();
  // The table may grow meanwhile: no reference into it is kept.
  const std::uint64_t owner = relative(ns::Type::User, std::move(owner_file));
  scan_.table[place].owner = owner;
  if (type == ns::Type::User) {
    scan_.table[place].parent = owner;  // the owner of a user namespace is its parent
  } else if (type == ns::Type::Pid) {
    const std::uint64_t parent = relative(ns::Type::Pid, sys::parent_namespace(fd));
    scan_.table[place].parent = parent;
  }
}

void Relations::look_at(std::size_t place) {
  if (!scan_.scope.relations && !scan_.table[place].members.empty()) return;
  if (scan_.table[place].id != kUnknown || scan_.table[place].owner != kUnknown) return;
  const sys::NamespaceFd opened = open_entry(scan_.machine, scan_.table[place]);
  if (opened.valid()) look_at(place, opened.borrow());
}

}  // namespace

void scan_relations(Scan& scan) {
  Relations relations(scan);
  // Those that are found on the way stand at the end, and have been looked at.
  for (std::size_t place = 0; place < scan.table.size(); ++place) relations.look_at(place);
}

}  // namespace caisson::inspect
