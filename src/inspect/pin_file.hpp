// One file that a namespace is, was or shall be mounted on. Below it, hidden by the mount, stands in which mount namespace and
// since which boot that was done: so what a crash left is told from a pin of another mount namespace, which must not be removed
// by accident (removing the file unmounts it there).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "inspect/pin.hpp"
#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

// The text of that file.
struct PinRecord {
  std::uint64_t mount_namespace = 0;  // inode
  std::string boot_id;
  bool operator==(const PinRecord&) const = default;
};
std::string to_text(const PinRecord& record);
std::optional<PinRecord> parse_pin_record(std::string_view text);  // nothing: it is empty, or not ours

enum class PinFileState : std::uint8_t {
  Absent,
  Mounted,    // a namespace can be opened here
  Left,       // of something that was killed: may be made anew
  Elsewhere,  // mounted in another mount namespace
  Foreign,    // a link, a file of somebody else: not for us to judge
};

class PinFile {
 public:
  // directory: of the pins of that kind. path: for messages.
  PinFile(PinnedBy by, ns::Type type, sys::BorrowedFd directory, std::string directory_path, std::string name);

  PinFileState state() const;
  std::optional<std::uint64_t> inode() const;  // of the namespace that is mounted
  const std::string& path() const noexcept { return path_; }
  const std::string& name() const noexcept { return name_; }
  PinnedBy by() const noexcept { return by_; }
  ns::Type type() const noexcept { return type_; }

  // Throws without leaving a file. EINVAL for a mount namespace that is not newer than the one it would be mounted in.
  void mount(sys::BorrowedFd namespace_fd) const;
  // Whatever is there, in every mount namespace.
  void remove() const;

 private:
  PinFileState state_of_unmounted(const sys::UniqueFd& file) const;

  PinnedBy by_;
  ns::Type type_;
  sys::BorrowedFd directory_;
  std::string name_, path_;
};

}  // namespace caisson::inspect
