#include "inspect/find_namespace.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/proc_reader.hpp"
#include "inspect/target_word.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_handle.hpp"

namespace caisson::inspect {
namespace {

// Which namespace is meant: `link` is what its file says before it is opened, `accept` looks at the opened one.
class Wanted {
 public:
  virtual ~Wanted() = default;
  virtual bool may_be(const NamespaceLink& link) = 0;
  virtual bool accept(sys::BorrowedFd fd) = 0;
};

class WantedInode final : public Wanted {
 public:
  WantedInode(ns::Type type, std::uint64_t inode) : link_{type, inode} {}
  bool may_be(const NamespaceLink& link) override { return link == link_; }
  bool accept(sys::BorrowedFd fd) override {
    const auto type = sys::namespace_type(fd);
    const auto status = sys::status_of_fd(fd);
    return type.ok() && type.value() == ns::kind_of(link_.type).flag && status.ok() && status.value().inode == link_.inode;
  }

 private:
  NamespaceLink link_;
};

class WantedId final : public Wanted {
 public:
  explicit WantedId(std::uint64_t id) : id_(id) {}
  // Each namespace is opened once.
  bool may_be(const NamespaceLink& link) override {
    const auto place = std::ranges::lower_bound(seen_, link.inode);
    if (place != seen_.end() && *place == link.inode) return false;
    seen_.insert(place, link.inode);
    return true;
  }
  bool accept(sys::BorrowedFd fd) override {
    const auto id = sys::namespace_id(fd);
    return id.ok() && id.value() == id_;
  }

 private:
  std::uint64_t id_;
  std::vector<std::uint64_t> seen_;
};

class Search {
 public:
  explicit Search(Wanted& wanted) : wanted_(wanted) {}

  std::optional<FoundNamespace> run() {
    const std::vector<pid_t> processes = reader_.processes();
    for (const pid_t process : processes)
      if (look_at_links(process)) return std::move(found_);
    if (look_at_mounts()) return std::move(found_);
    for (const pid_t process : processes)
      if (look_at_descriptors(process)) return std::move(found_);
    return std::nullopt;
  }

 private:
  bool look_at(sys::BorrowedFd directory, const char* path) {
    const auto text = reader_.link(directory, path);
    if (!text.ok()) return false;
    const auto link = parse_namespace_link(text.value());
    return link && wanted_.may_be(*link) && open(directory, path, link->type);
  }

  bool open(sys::BorrowedFd directory, const char* path, ns::Type type) {
    auto fd = sys::open_namespace_file(directory, path);
    if (!fd.ok() || !wanted_.accept(fd.value().borrow())) return false;
    found_ = FoundNamespace{type, std::move(fd).value()};
    return true;
  }

  bool look_at_links(pid_t process) {
    const auto folder = reader_.open(ProcPath(process, "/ns"), O_PATH | O_DIRECTORY);
    if (!folder.ok()) return false;  // ended meanwhile
    const sys::BorrowedFd directory = folder.value().borrow();
    for (const ns::Kind& kind : ns::kKinds)
      if (look_at(directory, kind.proc)) return true;
    return look_at(directory, "pid_for_children") || look_at(directory, "time_for_children");
  }

  bool look_at_mounts() {
    const std::string table = sys::read_file(sys::kCwd, "/proc/self/mountinfo").or_throw("read the mount table");
    for (const mount::MountInfo& mounted : mount::parse_mountinfo(table)) {
      if (mounted.type != "nsfs") continue;
      const auto link = parse_namespace_link(mounted.root);
      if (link && wanted_.may_be(*link) && open(sys::kCwd, mounted.mount_point.c_str(), link->type)) return true;
    }
    return false;
  }

  bool look_at_descriptors(pid_t process) {
    const auto folder = reader_.open(ProcPath(process, "/fd"), O_RDONLY | O_DIRECTORY);
    if (!folder.ok()) return false;  // another user's, or ended meanwhile
    auto entries = reader_.entries_of(folder.value().borrow());
    for (auto entry = entries.next(); entry.ok() && !entry.value().empty(); entry = entries.next())
      if (look_at(folder.value().borrow(), entry.value().data())) return true;
    return false;
  }

  Wanted& wanted_;
  ProcReader reader_;
  std::optional<FoundNamespace> found_;
};

// Inodes of nsfs are the lowest free ones from here on (PROC_DYNAMIC_FIRST), those of the first namespaces just below it.
constexpr std::uint32_t kFirstInode = 0xf0000000U - 16;
constexpr std::uint32_t kTriedInodes = 65536;

// Linux 6.18 wants to know kind and inode beside the id. A trial takes less than half a microsecond.
sys::SysResult<sys::NamespaceFd> open_by_any_handle(std::uint64_t id) {
  for (std::uint32_t inode = kFirstInode; inode < kFirstInode + kTriedInodes; ++inode) {
    for (const ns::Kind& kind : ns::kKinds) {
      auto opened = sys::open_namespace({.id = id, .flag = kind.flag, .inode = inode});
      if (opened.err() != ESTALE) return opened;
    }
  }
  return sys::SysResult<sys::NamespaceFd>::failed(ESTALE);
}

std::optional<FoundNamespace> with_kind(sys::NamespaceFd fd) {
  const auto flag = sys::namespace_type(fd.borrow()).or_throw("look at a namespace");
  for (const ns::Kind& kind : ns::kKinds)
    if (kind.flag == flag) return FoundNamespace{kind.type, std::move(fd)};
  return std::nullopt;
}

bool numbers_namespaces() {
  const auto own = sys::open_namespace_file(sys::kCwd, "/proc/self/ns/user").or_throw("open /proc/self/ns/user");
  return sys::namespace_id(own.borrow()).ok();
}

}  // namespace

std::optional<FoundNamespace> find_by_inode(ns::Type type, std::uint64_t inode) {
  WantedInode wanted(type, inode);
  return Search(wanted).run();
}

std::optional<FoundNamespace> find_by_id(std::uint64_t id) {
  if (!numbers_namespaces())
    throw Error(ErrorKind::Host, text::join(":", id, ": this kernel gives namespaces no ids (Linux 6.18 does)"))
        .with_hint("name it by KIND:[INODE], by a process or by a path");
  if (auto direct = sys::open_namespace({.id = id}); direct.ok()) return with_kind(std::move(direct).value());
  WantedId wanted(id);
  if (auto found = Search(wanted).run()) return found;
  // What nobody shows: held in another mount namespace, by a socket, as the owner of another one.
  auto hidden = open_by_any_handle(id);
  return hidden.ok() ? with_kind(std::move(hidden).value()) : std::nullopt;
}

}  // namespace caisson::inspect
