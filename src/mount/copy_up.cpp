#include "mount/copy_up.hpp"

#include <fcntl.h>

#include <cerrno>
#include <string>

#include "base/error.hpp"
#include "sys/file.hpp"

namespace caisson::mount {
namespace {

void give_owner(sys::BorrowedFd dir, const char* name, const sys::Status& status) {
  const auto done = sys::change_owner_at(dir, name, status.uid, status.gid);
  if (!done.ok() && done.err() != EINVAL)  // EINVAL: an id without a mapping
    throw Error(ErrorKind::Kernel, text::join("copy up the owner of ", name), done.err());
}

void copy_file(sys::BorrowedFd from, sys::BorrowedFd to, const char* name, const sys::Status& status) {
  const auto source = sys::open_at(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).or_throw("copy up ", name);
  const auto target = sys::open_at(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600).or_throw("copy up ", name);
  std::string buffer(std::size_t{64} << 10, '\0');
  for (;;) {
    const std::size_t got = sys::read_some(source.borrow(), buffer.data(), buffer.size()).or_throw("copy up ", name);
    if (got == 0) break;
    sys::write_full(target.borrow(), std::string_view(buffer).substr(0, got)).or_throw("copy up ", name);
  }
  give_owner(to, name, status);  // before the mode: a change of owner clears set-id bits
  sys::change_mode(target.borrow(), status.mode & 07777).or_throw("copy up the mode of ", name);
}

void copy_dir(sys::BorrowedFd from, sys::BorrowedFd to, const char* name, const sys::Status& status) {
  sys::make_dir(to, name, 0700).or_throw("copy up ", name);
  const auto source = sys::open_at(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).or_throw("copy up ", name);
  const auto target = sys::open_at(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).or_throw("copy up ", name);
  copy_up(source.borrow(), target.borrow());
  give_owner(to, name, status);
  sys::change_mode(target.borrow(), status.mode & 07777).or_throw("copy up the mode of ", name);
}

void copy_entry(sys::BorrowedFd from, sys::BorrowedFd to, const char* name) {
  const sys::Status status = sys::status_at(from, name).or_throw("copy up ", name);
  if (status.is_dir()) return copy_dir(from, to, name, status);
  if (status.is_regular()) return copy_file(from, to, name, status);
  if ((status.mode & S_IFMT) == S_IFSOCK) return;
  if (status.is_link()) {
    const std::string target = sys::read_link(from, name).or_throw("copy up ", name);
    sys::make_symlink(target.c_str(), to, name).or_throw("copy up ", name);
    return give_owner(to, name, status);
  }
  sys::make_node(to, name, status.mode & (S_IFMT | 0600), status.rdev).or_throw("copy up ", name);
  give_owner(to, name, status);
  sys::change_mode_at(to, name, status.mode & 07777).or_throw("copy up the mode of ", name);
}

}  // namespace

void copy_up(sys::BorrowedFd from, sys::BorrowedFd to) {
  for (const sys::DirEntry& entry : sys::list_dir(from).or_throw("list a directory to copy up"))
    copy_entry(from, to, entry.name.c_str());
}

}  // namespace caisson::mount
