// A directory tree as members of an archive.
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/file_pieces.hpp"
#include "image/layer_view.hpp"
#include "image/tar_writer.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kReadAtOnce = std::size_t{256} << 10;

// Files whose content is made when it is read, often without an end.
bool is_made_up(sys::BorrowedFd dir) {
  constexpr std::array<long, 12> kMadeUp = {PROC_SUPER_MAGIC, SYSFS_MAGIC,    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                                            DEBUGFS_MAGIC,    TRACEFS_MAGIC,  SECURITYFS_MAGIC,   BPF_FS_MAGIC,
                                            NSFS_MAGIC,       PSTOREFS_MAGIC, BINFMTFS_MAGIC,     0x19800202 /* mqueue */};
  const auto magic = sys::filesystem_magic(dir);
  return magic.ok() && std::ranges::find(kMadeUp, magic.value()) != kMadeUp.end();
}

// What stands there is looked at before it is opened: a fifo would wait for a writer, a device would do what devices do.
sys::UniqueFd open_regular(sys::BorrowedFd dir, const std::string& name, const std::string& path) {
  const auto found = sys::open_at(dir, name.c_str(), O_PATH | O_NOFOLLOW).or_throw("open ", path);
  if (!sys::status_of_fd(found.borrow()).or_throw("examine ", path).is_regular())
    throw Error(ErrorKind::Host, text::join(path, ": another file took its place while it was read"));
  return sys::open_at(sys::kCwd, text::join("/proc/self/fd/", found.get()).c_str(), O_RDONLY).or_throw("open ", path);
}

class TreeWriter {
 public:
  TreeWriter(TarWriter& writer, TreeKind kind, std::vector<std::string>& notes, const std::vector<std::string>& left_out)
      : writer_(writer), kind_(kind), notes_(notes), left_out_(left_out) {}

  void directory(sys::BorrowedFd dir, const std::string& path) {
    auto entries = sys::list_dir(dir).or_throw("list ", path);
    std::ranges::sort(entries, {}, &sys::DirEntry::name);
    for (const sys::DirEntry& entry : entries) {
      const std::string below = path + entry.name;
      if (!std::ranges::binary_search(left_out_, below)) file(dir, entry.name, below);
    }
  }

  // path: "./" for the root, else "./usr".
  void file(sys::BorrowedFd dir, const std::string& name, const std::string& path) {
    const sys::Status status = sys::status_at(dir, name.c_str()).or_throw("examine ", path);
    if (kind_ == TreeKind::Layer && is_whiteout(status)) return marker(path, name);
    TarEntry entry = described(dir, name, path, status);
    if (linked(entry, status, path)) return writer_.add(entry);
    switch (status.mode & S_IFMT) {
      case S_IFREG:
        return regular(dir, name, entry);
      case S_IFDIR:
        return tree(dir, name, entry, path);
      case S_IFSOCK:
        notes_.push_back(text::join(path, ": a socket was left out: an archive cannot hold one"));
        return;
      default:
        return writer_.add(entry);
    }
  }

 private:
  TarEntry described(sys::BorrowedFd dir, const std::string& name, const std::string& path, const sys::Status& status) {
    TarEntry entry{.name = path,
                   .link = {},
                   .kind = kind_of(status),
                   .mode = static_cast<std::uint32_t>(status.mode & 07777),
                   .uid = status.uid,
                   .gid = status.gid,
                   .size = status.is_regular() ? status.size : 0,
                   .modified = sys::modification_time_at(dir, name.c_str()).or_throw("examine ", path),
                   .attributes = {}};
    if (entry.kind == TarKind::CharDevice || entry.kind == TarKind::BlockDevice) {
      entry.major = major(status.rdev);
      entry.minor = minor(status.rdev);
    }
    if (status.is_link()) entry.link = sys::read_link(dir, name.c_str()).or_throw("read link ", path);
    add_attributes(entry, sys::path_below(dir, name));
    return entry;
  }

  static TarKind kind_of(const sys::Status& status) {
    switch (status.mode & S_IFMT) {
      case S_IFDIR:
        return TarKind::Directory;
      case S_IFLNK:
        return TarKind::Symlink;
      case S_IFCHR:
        return TarKind::CharDevice;
      case S_IFBLK:
        return TarKind::BlockDevice;
      case S_IFIFO:
        return TarKind::Fifo;
      default:
        return TarKind::File;
    }
  }

  static void add_attributes(TarEntry& entry, const std::string& path) {
    auto names = sys::list_extended_attributes(path.c_str());
    if (names.err() == EOPNOTSUPP) return;
    if (!names.ok()) throw Error(ErrorKind::Kernel, text::join("list the attributes of ", entry.name), names.err());
    std::ranges::sort(names.value());
    for (const std::string& name : names.value()) {
      if (name.starts_with("user.overlay.") || name.starts_with("trusted.overlay.") || name == "security.selinux") continue;
      entry.attributes.emplace_back(
          name, sys::read_extended_attribute(path.c_str(), name.c_str()).or_throw("read attribute ", name, " of ", entry.name));
    }
  }

  // Whether the file was written under another name before; the entry then refers to that.
  bool linked(TarEntry& entry, const sys::Status& status, const std::string& path) {
    if (status.is_dir() || status.links < 2) return false;
    const auto [first, added] = seen_.try_emplace({status.device, status.inode}, path);
    if (added) return false;
    entry.kind = TarKind::HardLink;
    entry.link = first->second;
    entry.size = 0;
    entry.attributes.clear();
    return true;
  }

  void regular(sys::BorrowedFd dir, const std::string& name, const TarEntry& entry) {
    const sys::UniqueFd file = open_regular(dir, name, entry.name);
    add_regular(writer_, entry, file.borrow());
  }

  void tree(sys::BorrowedFd dir, const std::string& name, TarEntry& entry, const std::string& path) {
    if (!entry.name.ends_with('/')) entry.name += '/';
    writer_.add(entry);
    const auto inner = sys::open_at(dir, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW).or_throw("open ", path);
    const std::string below = path.ends_with('/') ? path : path + "/";
    const auto opaque = sys::read_extended_attribute(sys::path_below(dir, name).c_str(), kOpaqueAttribute);
    if (kind_ == TreeKind::Layer && opaque.ok() && opaque.value() == "y") writer_.add_file(below + ".wh..wh..opq", {});
    if (kind_ != TreeKind::Live || !is_made_up(inner.borrow())) directory(inner.borrow(), below);
  }

  void marker(const std::string& path, const std::string& name) {
    writer_.add_file(text::join(path.substr(0, path.size() - name.size()), ".wh.", name), {});
  }

  TarWriter& writer_;
  TreeKind kind_;
  std::vector<std::string>& notes_;
  const std::vector<std::string>& left_out_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> seen_;
};

}  // namespace

void add_regular(TarWriter& writer, TarEntry entry, sys::BorrowedFd file) {
  static std::vector<char> buffer(kReadAtOnce);  // one for the program: memory of the shipped build is not given back
  std::vector<SparsePiece> pieces{{0, entry.size}};
  if (writer.keeps_holes()) entry.sparse = pieces_of(file, entry.size);
  if (entry.sparse) {
    pieces = entry.sparse->pieces;
    entry.size = 0;
    for (const SparsePiece& piece : pieces) entry.size += piece.size;
  }
  writer.add(entry);
  for (auto [at, left] : pieces) {
    while (left > 0) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
      const std::size_t got = sys::read_at(file, buffer.data(), wanted, at).or_throw("read ", entry.name);
      if (got == 0) throw Error(ErrorKind::Host, text::join(entry.name, ": became shorter while it was read"));
      writer.content({buffer.data(), got});
      at += got;
      left -= got;
    }
  }
  writer.pad(entry.size);
}

void write_file(TarWriter& writer, sys::BorrowedFd dir, const std::string& name, const std::string& path, TreeKind kind,
                std::vector<std::string>& notes) {
  const std::vector<std::string> nothing;
  TreeWriter(writer, kind, notes, nothing).file(dir, name, path);
}

void write_tree(TarWriter& writer, sys::BorrowedFd dir, TreeKind kind, std::vector<std::string>& notes,
                const std::vector<std::string>& left_out) {
  TreeWriter(writer, kind, notes, left_out).file(dir, ".", "./");
}

}  // namespace caisson::image
