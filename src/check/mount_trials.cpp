#include "check/mount_trials.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "ns/id_map.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"

namespace caisson::check {
namespace {

sys::SysResult<sys::MountFd> make_filesystem(const char* type) {
  using Result = sys::SysResult<sys::MountFd>;
  const auto context = sys::fs_open(type);
  if (!context.ok()) return Result::failed(context.err());
  if (const auto made = sys::fs_create(context.value().borrow()); !made.ok()) return Result::failed(made.err());
  return sys::fs_mount(context.value().borrow(), 0);
}

int try_filesystem(const char* type) { return make_filesystem(type).err(); }

// Lower, upper and work directory on one tmpfs, named relative to the current directory.
int try_overlay(bool in_user_namespace) {
  for (const char* directory : {"lower", "upper", "work"})
    if (const auto made = sys::make_dir(sys::kCwd, directory, 0755); !made.ok()) return made.err();
  const auto context = sys::fs_open("overlay");
  if (!context.ok()) return context.err();
  const sys::BorrowedFd fs = context.value().borrow();
  for (const auto& [key, value] : {std::pair{"source", "overlay"}, std::pair{"lowerdir", "lower"},
                                   std::pair{"upperdir", "upper"}, std::pair{"workdir", "work"}})
    if (const auto set = sys::fs_set(fs, key, value); !set.ok()) return set.err();
  if (in_user_namespace)
    if (const auto set = sys::fs_set(fs, "userxattr", nullptr); !set.ok()) return set.err();
  if (const auto made = sys::fs_create(fs); !made.ok()) return made.err();
  return sys::fs_mount(fs, 0).err();
}

// The mapping of a mount is that of a user namespace; the maps in it are the plainest that the kernel takes.
int idmap(const sys::MountFd& mount) {
  MappedChild child;
  sys::UniqueFd map;
  const int error = child.start([&](pid_t pid) {
    const auto proc = sys::open_at(sys::kCwd, "/proc", O_PATH | O_DIRECTORY).or_throw("open /proc");
    const std::vector<spec::IdMapping> one{{.container_id = 0, .host_id = 0, .size = 1}};
    ns::write_maps({.method = ns::MapMethod::Write, .uids = one, .gids = one, .newuidmap = {}, .newgidmap = {}}, proc.borrow(),
                   pid);
    map = sys::open_at(proc.borrow(), text::join(pid, "/ns/user").c_str(), O_RDONLY).or_throw("open the user namespace");
  });
  if (error != 0) return error;
  return sys::set_mount_attributes(mount.borrow(), false,
                                   {.attr_set = sys::abi::kMountAttrIdmap, .userns_fd = static_cast<std::uint64_t>(map.get())})
      .err();
}

}  // namespace

MappedChild::~MappedChild() {
  if (child_.process.valid()) sys::end_child(child_.pid, child_.process);
}

int MappedChild::start(const std::function<void(pid_t)>& write_maps) {
  auto pipe = sys::make_pipe();
  if (!pipe.ok()) return pipe.err();
  auto cloned = sys::clone_the_old_way(ns::kind_of(ns::Type::User).flag);
  if (!cloned.ok()) return cloned.err();
  if (cloned.value().pid == 0) {
    pipe.value().write.reset();
    char byte;
    static_cast<void>(sys::read_some(pipe.value().read.borrow(), &byte, 1));  // until the parent's end at the latest
    sys::exit_now(0);
  }
  child_ = std::move(cloned).value();
  end_ = std::move(pipe.value().write);
  try {
    write_maps(child_.pid);
  } catch (const Error& error) {
    return error.errno_value() == 0 ? EPERM : error.errno_value();
  }
  return 0;
}

int idmap_tmpfs() {
  const auto made = make_filesystem("tmpfs");
  return made.ok() ? idmap(made.value()) : made.err();
}

int idmap_root() {
  const auto copy = sys::clone_tree(sys::kCwd, "/", false);
  return copy.ok() ? idmap(copy.value()) : copy.err();
}

void try_mounts(const SharedAttempts& attempts, bool in_user_namespace) {
  if (!attempts.record(Trial::PrivateMounts,
                       [] { return sys::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr).err(); }))
    return;
  sys::MountFd scratch;
  attempts.record(Trial::NewFilesystem, [&] {
    auto made = make_filesystem("tmpfs");
    const int error = made.err();
    scratch = std::move(made).value();
    return error;
  });
  attempts.record(Trial::Proc, [] { return try_filesystem("proc"); });
  attempts.record(Trial::Sysfs, [] { return try_filesystem("sysfs"); });
  attempts.record(Trial::BinfmtMisc, [] { return try_filesystem("binfmt_misc"); });
  if (!scratch.valid()) return;
  attempts.record(Trial::AttachMount, [&] { return sys::attach_mount_at(scratch, sys::kCwd, "/").err(); });
  if (!attempts.works(Trial::AttachMount)) return;
  attempts.record(Trial::CloneTree, [&] { return sys::clone_tree(scratch.borrow(), "", false).err(); });
  attempts.record(Trial::MountAttributes, [&] {
    const auto copy = sys::clone_tree(scratch.borrow(), "", false);
    if (!copy.ok()) return copy.err();
    return sys::set_mount_attributes(copy.value().borrow(), false, {.attr_set = sys::abi::kMountAttrRdonly}).err();
  });
  attempts.record(Trial::Overlay, [&] {
    const auto entered = sys::change_dir(scratch.borrow());
    return entered.ok() ? try_overlay(in_user_namespace) : entered.err();
  });
}

}  // namespace caisson::check
