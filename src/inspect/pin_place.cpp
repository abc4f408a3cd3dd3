#include "inspect/pin_place.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/own_directory.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"

namespace caisson::inspect {
namespace {

constexpr mode_t kNetnsMode = 0755;
constexpr int kOpenFlags = O_RDONLY | O_DIRECTORY;

[[noreturn]] void throw_mount(const std::string& what, int error) {
  Error failed(ErrorKind::Host, what, error);
  if (error == EPERM)
    failed.with_hint(
        "pins are mounts, for which you need CAP_SYS_ADMIN over this mount namespace; caisson ns hold needs no rights");
  throw std::move(failed);
}

// Attaching below a shared mount makes it shared: it is made private afterwards, and again by whoever comes after a crash.
void make_private_mount(const std::string& state_root, const std::string& path) {
  const sys::abi::MountAttr kPrivate{.propagation = MS_PRIVATE};
  sys::UniqueFd directory = make_own_directory(state_root, kPinsFolder);
  auto set = sys::set_mount_attributes(directory.borrow(), false, kPrivate);
  if (set.err() == EINVAL) {  // no mount yet
    const auto itself = sys::clone_tree(directory.borrow(), "", false);
    if (!itself.ok()) throw_mount(text::join("mount ", path, " on itself"), itself.err());
    const auto attached = sys::attach_mount(itself.value(), directory.borrow());
    if (!attached.ok()) throw_mount(text::join("mount ", path, " on itself"), attached.err());
    directory = make_own_directory(state_root, kPinsFolder);
    set = sys::set_mount_attributes(directory.borrow(), false, kPrivate);
  }
  if (!set.ok()) throw_mount(text::join("make the mount ", path, " private"), set.err());
}

// The order and the flags of iproute2, with its lock, so that both can start at the same time.
sys::UniqueFd make_netns_folder() {
  const auto made = sys::make_dir(sys::kCwd, kNetnsFolder, kNetnsMode);
  if (!made.ok() && made.err() != EEXIST) throw_mount(text::join("make ", kNetnsFolder), made.err());
  const sys::UniqueFd below = sys::open_at(sys::kCwd, kNetnsFolder, kOpenFlags).or_throw("open ", kNetnsFolder);
  sys::lock_file(below.borrow(), LOCK_EX).or_throw("lock ", kNetnsFolder);
  auto shared = sys::mount("", kNetnsFolder, "none", MS_SHARED | MS_REC, nullptr);
  if (shared.err() == EINVAL) {  // no mount yet
    const auto bound = sys::mount(kNetnsFolder, kNetnsFolder, "none", MS_BIND | MS_REC, nullptr);
    if (!bound.ok()) throw_mount(text::join("mount ", kNetnsFolder, " on itself"), bound.err());
    shared = sys::mount("", kNetnsFolder, "none", MS_SHARED | MS_REC, nullptr);
  }
  if (!shared.ok()) throw_mount(text::join("make the mount ", kNetnsFolder, " shared"), shared.err());
  return sys::open_at(sys::kCwd, kNetnsFolder, kOpenFlags).or_throw("open ", kNetnsFolder);
}

std::string below_of(ns::Type type) { return text::join(kPinsFolder, "/", ns::kind_of(type).proc); }

}  // namespace

std::optional<PinPlace> PinPlace::find(const std::string& state_root, PinnedBy by, ns::Type type) {
  if (by == PinnedBy::Mount) {
    auto directory = find_own_directory(state_root, below_of(type));
    if (!directory) return std::nullopt;
    return PinPlace(by, type, *std::move(directory), text::join(state_root, "/", below_of(type)));
  }
  auto directory = sys::open_at(sys::kCwd, kNetnsFolder, kOpenFlags);
  if (!directory.ok()) return std::nullopt;
  return PinPlace(by, type, std::move(directory).value(), kNetnsFolder);
}

PinPlace PinPlace::make(const std::string& state_root, ns::Type type) {
  if (place_of(type) == PinnedBy::IpNetns) return {PinnedBy::IpNetns, type, make_netns_folder(), kNetnsFolder};
  make_private_mount(state_root, text::join(state_root, "/", kPinsFolder));
  return {PinnedBy::Mount, type, make_own_directory(state_root, below_of(type)), text::join(state_root, "/", below_of(type))};
}

void remove_empty_places(const std::string& state_root) {
  {
    const auto places = find_own_directory(state_root, kPinsFolder);
    if (!places) return;
    for (const ns::Kind& kind : ns::kKinds) static_cast<void>(sys::unlink_at(places->borrow(), kind.proc, AT_REMOVEDIR));
    const auto left = sys::list_dir(places->borrow());
    if (!left.ok() || !left.value().empty()) return;
  }
  const std::string path = text::join(state_root, "/", kPinsFolder);
  static_cast<void>(sys::unmount(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW));
  static_cast<void>(sys::unlink_at(sys::kCwd, path.c_str(), AT_REMOVEDIR));
}

}  // namespace caisson::inspect
