#include "inspect/pin_file.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "inspect/find_namespace.hpp"
#include "inspect/target_word.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/namespace.hpp"

namespace caisson::inspect {
namespace {

constexpr std::size_t kMostRecordBytes = 256;
constexpr int kMostStacked = 64;  // mounts on one file

std::string by_descriptor(sys::BorrowedFd fd) { return text::join("/proc/self/fd/", fd.get()); }

PinRecord own_record() {
  const auto link = parse_namespace_link(sys::read_link(sys::kCwd, "/proc/self/ns/mnt").or_throw("read /proc/self/ns/mnt"));
  return {.mount_namespace = link ? link->inode : 0, .boot_id = host::read_boot_id()};
}

// ip-netns(8) gives its files no permissions, and so are ours.
mode_t mode_of(PinnedBy by) { return by == PinnedBy::IpNetns ? 0 : 0600; }

}  // namespace

std::string to_text(const PinRecord& record) {
  return text::join(namespace_link(ns::Type::Mount, record.mount_namespace), " ", record.boot_id, "\n");
}

std::optional<PinRecord> parse_pin_record(std::string_view whole) {
  const std::vector<std::string_view> words = text::split(text::trim(whole), ' ');
  if (words.size() != 2 || !whole.ends_with('\n')) return std::nullopt;
  const auto link = parse_namespace_link(words[0]);
  if (!link || link->type != ns::Type::Mount) return std::nullopt;
  return PinRecord{link->inode, std::string(words[1])};
}

PinFile::PinFile(PinnedBy by, ns::Type type, sys::BorrowedFd directory, std::string directory_path, std::string name)
    : by_(by), type_(type), directory_(directory), name_(std::move(name)), path_(std::move(directory_path) + "/" + name_) {}

std::optional<std::uint64_t> PinFile::inode() const {
  const auto fd = sys::open_namespace_file(directory_, name_.c_str(),
                                           by_ == PinnedBy::Mount ? sys::LastLink::Stays : sys::LastLink::IsFollowed);
  if (!fd.ok()) return std::nullopt;
  const auto status = sys::status_of_fd(fd.value().borrow());
  if (!status.ok()) return std::nullopt;
  return status.value().inode;
}

PinFileState PinFile::state() const {
  const auto status = sys::status_at(directory_, name_.c_str());
  if (status.err() == ENOENT) return PinFileState::Absent;
  if (!status.ok()) throw Error(ErrorKind::Host, text::join("look at ", path_), status.err());
  if (inode()) return PinFileState::Mounted;
  if (!status.value().is_regular()) return PinFileState::Foreign;
  const auto file = sys::open_at(directory_, name_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.ok()) throw Error(ErrorKind::Host, text::join("open ", path_), file.err());
  return state_of_unmounted(file.value());
}

PinFileState PinFile::state_of_unmounted(const sys::UniqueFd& file) const {
  const auto text = sys::read_full(file.borrow(), kMostRecordBytes);
  const auto record = parse_pin_record(text.ok() ? text.value() : std::string());
  if (!record) {
    // Killed before the record was written: only in a directory where nobody else makes files.
    const bool empty = text.ok() && text.value().empty();
    return by_ == PinnedBy::Mount && empty ? PinFileState::Left : PinFileState::Foreign;
  }
  const PinRecord own = own_record();
  if (record->boot_id != own.boot_id || record->mount_namespace == own.mount_namespace) return PinFileState::Left;
  return find_by_inode(ns::Type::Mount, record->mount_namespace) ? PinFileState::Elsewhere : PinFileState::Left;
}

void PinFile::mount(sys::BorrowedFd namespace_fd) const {
  const std::string record = to_text(own_record());
  const sys::UniqueFd file =
      sys::open_at(directory_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode_of(by_)).or_throw("make ", path_);
  auto done = sys::write_full(file.borrow(), record);
  if (done.ok())
    done = sys::mount(by_descriptor(namespace_fd).c_str(), by_descriptor(file.borrow()).c_str(), "none", MS_BIND, nullptr);
  if (done.ok()) return;
  static_cast<void>(sys::unlink_at(directory_, name_.c_str()));
  throw Error(ErrorKind::Host, text::join("mount a ", ns::kind_of(type_).proc, " namespace on ", path_), done.err());
}

void PinFile::remove() const {
  const std::string here = text::join(by_descriptor(directory_), "/", name_);
  for (int i = 0; i < kMostStacked; ++i) {
    const auto unmounted = sys::unmount(here.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
    if (unmounted.err() == EINVAL || unmounted.err() == ENOENT) break;  // nothing is mounted there any more
    if (!unmounted.ok()) throw Error(ErrorKind::Host, text::join("unmount ", path_), unmounted.err());
  }
  const auto removed = sys::unlink_at(directory_, name_.c_str());
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Host, text::join("remove ", path_), removed.err());
}

}  // namespace caisson::inspect
