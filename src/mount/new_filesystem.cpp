#include "mount/new_filesystem.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "mount/copy_up.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"

namespace caisson::mount {
namespace {

std::string joined(std::span<const std::string> data) {
  return text::join_with(std::vector<std::string>(data.begin(), data.end()), ",");
}

bool needs_descriptor(const MountStep& step) {
  return step.readonly_at_end || step.copy_up || !step.propagation.empty() || !step.links.empty() || !step.label_after.empty();
}

std::string hint_for(const MountStep& step, int err) {
  if (err == ENODEV)
    return text::join("this kernel does not know the filesystem ", step.type, ": load its module or build it in");
  if (err != EPERM) return {};
  if (step.type == "proc")
    return "mount too revealing: in a user namespace a new procfs needs a pid namespace of its own and a host /proc that "
           "nothing "
           "covers; run without the covering mounts or bind the host's /proc";
  if (step.type == "sysfs")
    return "mount too revealing: in a user namespace a new sysfs needs a network namespace of its own and a host /sys that "
           "nothing covers";
  if (step.type == "mqueue") return "in a user namespace mqueue needs an ipc namespace of its own";
  return text::join("the kernel does not allow ", step.type, " to be mounted in a user namespace, or CAP_SYS_ADMIN is missing");
}

[[noreturn]] void fail(const MountStep& step, std::string_view words, int err) {
  Error error(ErrorKind::Kernel,
              text::join("mount ", describe(step), " (mounts[", step.index, "])", words.empty() ? "" : ": ", words), err);
  if (std::string hint = hint_for(step, err); !hint.empty()) error.with_hint(std::move(hint));
  throw std::move(error);
}

struct FilesystemFlag {
  unsigned long flag;
  const char* key;
};
// MS_SILENT has no key: it only keeps the filesystem from writing to the kernel log.
constexpr FilesystemFlag kFlagKeys[] = {{MS_SYNCHRONOUS, "sync"},
                                        {MS_DIRSYNC, "dirsync"},
                                        {MS_MANDLOCK, "mand"},
                                        {MS_I_VERSION, "iversion"},
                                        {sys::abi::kMsLazytime, "lazytime"}};

class Context {
 public:
  explicit Context(const MountStep& step) : step_(step) {
    auto opened = sys::fs_open(step.type.c_str());
    if (!opened.ok()) fail(step, "", opened.err());
    fd_ = std::move(opened).value();
  }

  void set(const char* key, const char* value) { check(sys::fs_set(fd_.borrow(), key, value)); }

  // "size=64k" or "noswap"; quotes are for the comma separated text of mount(2) only.
  void set_item(const std::string& item) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) return set(item.c_str(), nullptr);
    std::string value = item.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    set(item.substr(0, equals).c_str(), value.c_str());
  }

  sys::MountFd create() {
    check(sys::fs_create(fd_.borrow()));
    auto mounted = sys::fs_mount(fd_.borrow(), step_.mount.set);
    if (!mounted.ok()) fail(step_, sys::fs_message(fd_.borrow()), mounted.err());
    return std::move(mounted).value();
  }

 private:
  void check(const sys::SysStatus& status) const {
    if (!status.ok()) fail(step_, sys::fs_message(fd_.borrow()), status.err());
  }

  const MountStep& step_;
  sys::UniqueFd fd_;
};

sys::MountFd make_detached(const MountStep& step, std::span<const std::string> data) {
  Context context(step);
  context.set("source", step.source.c_str());
  for (const auto& [flag, key] : kFlagKeys)
    if ((step.filesystem.set & flag) != 0) context.set(key, nullptr);
  if ((step.mount.set & sys::abi::kMountAttrRdonly) != 0) context.set("ro", nullptr);
  for (const std::string& item : data) context.set_item(item);
  return context.create();
}

void fill(const MountStep& step, const sys::MountFd& mount, sys::BorrowedFd covered) {
  if (step.copy_up) {
    const auto from = sys::open_at(covered, ".", O_RDONLY | O_DIRECTORY).or_throw("read ", step.destination, " to copy it up");
    copy_up(from.borrow(), mount.borrow());
  }
  for (const auto& [name, link] : step.links)
    sys::make_symlink(link.c_str(), mount.borrow(), name.c_str()).or_throw("link ", name, " in ", step.destination);
  if (step.label_after.empty()) return;
  sys::change_dir(mount.borrow()).or_throw("enter ", step.destination, " to label it");
  sys::set_extended_attribute(".", "security.selinux", step.label_after).or_throw("label ", step.destination);
}

sys::MountFd mount_detached(const MountStep& step, std::span<const std::string> data, sys::BorrowedFd target) {
  sys::MountFd mount = make_detached(step, data);
  fill(step, mount, target);
  const auto attached = sys::attach_mount(mount, target);
  if (!attached.ok()) fail(step, "", attached.err());
  return mount;
}

}  // namespace

sys::MountFd mount_new_filesystem(const MountStep& step, std::span<const std::string> data, sys::BorrowedFd target) {
  if (needs_descriptor(step)) return mount_detached(step, data, target);
  sys::change_dir(target).or_throw("enter mount point ", step.destination);
  const std::string options = joined(data);
  const unsigned long flags = mount_flags_of(step.mount.set) | step.filesystem.set;
  const auto mounted =
      sys::mount(step.source.c_str(), ".", step.type.c_str(), flags, options.empty() ? nullptr : options.c_str());
  if (mounted.ok()) return {};
  if (!step.fallback_bind.empty() && (mounted.err() == EPERM || mounted.err() == EBUSY)) fail(step, "", mounted.err());
  return mount_detached(step, data, target);
}

void remount_filesystem(const MountStep& step, sys::BorrowedFd target) {
  sys::change_dir(target).or_throw("enter mount point ", step.destination);
  const std::string options = joined(step.data);
  const unsigned long flags = MS_REMOUNT | mount_flags_of(step.mount.set) | step.filesystem.set;
  const auto mounted = sys::mount(step.source.c_str(), ".", nullptr, flags, options.empty() ? nullptr : options.c_str());
  if (!mounted.ok()) fail(step, "", mounted.err());
}

}  // namespace caisson::mount
