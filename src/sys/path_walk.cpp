#include "sys/path_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "sys/file.hpp"

namespace caisson::sys {
namespace {

constexpr int kMostLinks = 40;  // MAXSYMLINKS of the kernel

struct Component {
  std::string name;  // empty: the path ended
  bool last = false;
  bool slash_after = false;
};

class Walk {
 public:
  Walk(BorrowedFd root, std::string_view path, const WalkHow& how) : how_(how), root_(root), rest_(path) {}

  SysResult<UniqueFd> run() {
    if (rest_.empty()) return failed(ENOENT);
    for (;;) {
      const Component part = next();
      if (part.name.empty()) return finish_here();
      if (part.name == ".") continue;
      if (part.name == "..") {
        if (!above_.empty()) above_.pop_back();
        continue;
      }
      auto found = look_up(part);
      if (!found.ok()) return found;
      const auto status = status_of_fd(found.value().borrow());
      if (!status.ok()) return failed(status.err());
      if (const int err = check_mount(status.value()); err != 0) return failed(err);
      if (status.value().is_link() && !wants_link_itself(part)) {
        if (const int err = follow(found.value(), part); err != 0) return failed(err);
      } else if (part.last) {
        return finish(part, std::move(found).value(), status.value());
      } else if (!status.value().is_dir()) {
        return failed(ENOTDIR);
      } else {
        above_.push_back(std::move(found).value());
      }
    }
  }

 private:
  static SysResult<UniqueFd> failed(int err) { return SysResult<UniqueFd>::failed(err); }
  BorrowedFd current() const { return above_.empty() ? root_ : above_.back().borrow(); }

  Component next() {
    const std::size_t begin = rest_.find_first_not_of('/', at_);
    if (begin == std::string::npos) return {};
    const std::size_t end = std::min(rest_.find('/', begin), rest_.size());
    at_ = end;
    return {.name = rest_.substr(begin, end - begin),
            .last = rest_.find_first_not_of('/', end) == std::string::npos,
            .slash_after = end < rest_.size()};
  }

  // The component itself, never what it links to; created if that is asked for.
  SysResult<UniqueFd> look_up(const Component& part) {
    const char* name = part.name.c_str();
    auto found = open_at(current(), name, O_PATH | O_NOFOLLOW);
    if (found.err() != ENOENT || how_.creates == WalkCreates::Nothing) return found;
    const bool file = how_.creates == WalkCreates::File && part.last;
    if (file && part.slash_after) return failed(EISDIR);
    const auto made = file ? make_node(current(), name, S_IFREG | how_.file_mode, 0) : make_dir(current(), name, how_.dir_mode);
    if (!made.ok() && made.err() != EEXIST) return failed(made.err());
    return open_at(current(), name, O_PATH | O_NOFOLLOW);
  }

  int check_mount(const Status& status) {
    if (how_.crosses == WalkCrosses::Mounts) return 0;
    const auto root = status_of_fd(root_);
    if (!root.ok()) return root.err();
    return root.value().mount_id == status.mount_id ? 0 : EXDEV;
  }

  bool wants_link_itself(const Component& part) const {
    return part.last && !part.slash_after && (how_.flags & O_NOFOLLOW) != 0;
  }

  int follow(const UniqueFd& link, const Component& part) {
    if (links_++ >= kMostLinks) return ELOOP;
    const auto magic = filesystem_magic(link.borrow());
    if (!magic.ok()) return magic.err();
    if (magic.value() == abi::kApparmorfsMagic) return ELOOP;  // magic links as well
    if (magic.value() == abi::kProcSuperMagic) {
      // self, thread-self, mounts and net are ordinary links; all magic ones lie deeper.
      const auto dir = status_of_fd(current());
      if (!dir.ok()) return dir.err();
      if (dir.value().inode != static_cast<std::uint64_t>(abi::kProcRootInode)) return ELOOP;
    }
    auto target = read_link(link.borrow(), "");
    if (!target.ok()) return target.err();
    if (target.value().empty()) return ENOENT;
    if (target.value().front() == '/') above_.clear();
    if (!part.last || part.slash_after) target.value() += rest_.substr(at_);
    rest_ = std::move(target).value();
    at_ = 0;
    return 0;
  }

  SysResult<UniqueFd> finish(const Component& part, UniqueFd found, const Status& status) {
    const bool must_be_dir = part.slash_after || (how_.flags & O_DIRECTORY) != 0;
    if (must_be_dir && !status.is_dir()) return failed(ENOTDIR);
    if ((how_.flags & O_PATH) != 0) return found;
    if (status.is_link()) return failed(ELOOP);
    auto opened = open_at(current(), part.name.c_str(), how_.flags | O_NOFOLLOW);
    if (!opened.ok()) return opened;
    const auto again = status_of_fd(opened.value().borrow());
    if (!again.ok()) return failed(again.err());
    const bool same = again.value().inode == status.inode && again.value().mount_id == status.mount_id;
    return same ? std::move(opened) : failed(EAGAIN);  // exchanged in between, as openat2 says it
  }

  // The path ended in "/", "." or "..": the directory where the walk stands.
  SysResult<UniqueFd> finish_here() {
    if ((how_.flags & O_PATH) == 0) return open_at(current(), ".", how_.flags);
    if (above_.empty()) return duplicate(root_);
    return std::move(above_.back());
  }

  const WalkHow& how_;
  BorrowedFd root_;
  std::vector<UniqueFd> above_;  // the directories walked through, below the root
  std::string rest_;
  std::size_t at_ = 0;
  int links_ = 0;
};

}  // namespace

SysResult<UniqueFd> walk_in_root(BorrowedFd root, std::string_view path, const WalkHow& how) noexcept {
  return Walk(root, path, how).run();
}

}  // namespace caisson::sys
