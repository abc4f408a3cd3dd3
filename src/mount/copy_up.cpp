#include "mount/copy_up.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/tree.hpp"

namespace caisson::mount {
namespace {

constexpr mode_t kSetIds = S_ISUID | S_ISGID;

// What a mount label or the kernel decides, or another file system's own marks, is not content.
bool is_copied(std::string_view attribute) {
  return attribute.starts_with("user.") || attribute.starts_with("system.posix_acl_") || attribute == "security.capability";
}

class Copier {
 public:
  explicit Copier(sys::BorrowedFd to) : to_(to), buffer_(std::size_t{64} << 10, '\0') {}

  // below: from to_ to the directory, with a slash at its end unless it is empty.
  void contents(sys::BorrowedFd from, sys::BorrowedFd to, const std::string& below) {
    for (const sys::DirEntry& entry : sys::list_dir(from).or_throw("list a directory to copy up"))
      copy(from, to, entry.name.c_str(), below);
  }

  void attributes(sys::BorrowedFd from, sys::BorrowedFd to, const char* name, const sys::Status& status) {
    const auto owned = sys::change_owner_at(to, name, status.uid, status.gid);
    if (!owned.ok() && owned.err() != EINVAL)  // EINVAL: an id without a mapping
      throw Error(ErrorKind::Kernel, text::join("copy up the owner of ", name), owned.err());
    // Behind the owner, whose change takes capabilities and set-id bits away.
    extended_attributes(from, to, name);
    const mode_t mode = status.mode & (owned.ok() ? 07777 : 07777 & ~kSetIds);
    if (!status.is_link()) sys::change_mode_at(to, name, mode).or_throw("copy up the mode of ", name);
    const sys::FileTime time = sys::modification_time_at(from, name).or_throw("read the time of ", name);
    sys::set_times_at(to, name, time).or_throw("copy up the time of ", name);
  }

 private:
  struct Linked {
    std::uint64_t device, inode;
    std::string place;  // below to_
  };

  void copy(sys::BorrowedFd from, sys::BorrowedFd to, const char* name, const std::string& below) {
    const sys::Status status = sys::status_at(from, name).or_throw("copy up ", name);
    if ((status.mode & S_IFMT) == S_IFSOCK) return;
    if (status.is_dir()) {
      directory(from, to, name, below);
    } else if (status.links > 1 && is_link_to_copy(to, name, status)) {
      return;
    } else {
      if (status.links > 1) links_.push_back({status.device, status.inode, text::join(below, name)});
      if (status.is_regular())
        file(from, to, name);
      else if (status.is_link())
        sys::make_symlink(sys::read_link(from, name).or_throw("copy up ", name).c_str(), to, name).or_throw("copy up ", name);
      else
        sys::make_node(to, name, status.mode & (S_IFMT | 0600), status.rdev).or_throw("copy up ", name);
    }
    attributes(from, to, name, status);
  }

  bool is_link_to_copy(sys::BorrowedFd to, const char* name, const sys::Status& status) {
    const auto first = std::ranges::find_if(
        links_, [&](const Linked& one) { return one.inode == status.inode && one.device == status.device; });
    if (first == links_.end()) return false;
    sys::link_at(to_, first->place.c_str(), to, name).or_throw("copy up ", name, " as a link to ", first->place);
    return true;
  }

  void directory(sys::BorrowedFd from, sys::BorrowedFd to, const char* name, const std::string& below) {
    sys::make_dir(to, name, 0700).or_throw("copy up ", name);
    constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
    const auto source = sys::open_at(from, name, kDirectory).or_throw("copy up ", name);
    const auto target = sys::open_at(to, name, kDirectory).or_throw("copy up ", name);
    contents(source.borrow(), target.borrow(), text::join(below, name, "/"));
  }

  void file(sys::BorrowedFd from, sys::BorrowedFd to, const char* name) {
    const auto source = sys::open_at(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).or_throw("copy up ", name);
    const auto target = sys::open_at(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600).or_throw("copy up ", name);
    for (;;) {
      const std::size_t got = sys::read_some(source.borrow(), buffer_.data(), buffer_.size()).or_throw("copy up ", name);
      if (got == 0) return;
      sys::write_full(target.borrow(), std::string_view(buffer_).substr(0, got)).or_throw("copy up ", name);
    }
  }

  void extended_attributes(sys::BorrowedFd from, sys::BorrowedFd to, const char* name) {
    const std::string source = sys::path_below(from, name), target = sys::path_below(to, name);
    auto names = sys::list_extended_attributes(source.c_str());
    if (names.err() == EOPNOTSUPP) return;
    for (const std::string& attribute : std::move(names).or_throw("list the attributes of ", name)) {
      if (!is_copied(attribute)) continue;
      const std::string value =
          sys::read_extended_attribute(source.c_str(), attribute.c_str()).or_throw("read ", attribute, " of ", name);
      const auto set = sys::set_extended_attribute(target.c_str(), attribute.c_str(), value);
      // EOPNOTSUPP: tmpfs has those of users since 6.6 only; EINVAL: an access list names an id without a mapping.
      if (!set.ok() && set.err() != EOPNOTSUPP && set.err() != EINVAL)
        throw Error(ErrorKind::Kernel, text::join("copy up ", attribute, " of ", name), set.err());
    }
  }

  sys::BorrowedFd to_;
  std::string buffer_;
  std::vector<Linked> links_;
};

}  // namespace

void copy_up(sys::BorrowedFd from, sys::BorrowedFd to, Top top) {
  Copier copier(to);
  copier.contents(from, to, "");
  if (top == Top::Copied) copier.attributes(from, to, ".", sys::status_of_fd(from).or_throw("examine a directory to copy up"));
}

}  // namespace caisson::mount
