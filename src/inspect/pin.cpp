#include "inspect/pin.hpp"

#include <fcntl.h>

#include <algorithm>
#include <tuple>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/hold.hpp"
#include "inspect/own_directory.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"

namespace caisson::inspect {
namespace {

struct PinFolder {
  PinnedBy by;
  ns::Type type;
  std::string path;
  sys::LastLink links;
};

// Every file of the directory that is a namespace of that kind.
void list_place(const PinFolder& place, sys::BorrowedFd directory, std::vector<Pin>& pins) {
  for (const sys::DirEntry& entry : sys::list_dir(directory).or_throw("list ", place.path)) {
    const auto fd = sys::open_namespace_file(directory, entry.name.c_str(), place.links);
    if (!fd.ok()) continue;
    const auto type = sys::namespace_type(fd.value().borrow());
    const auto status = sys::status_of_fd(fd.value().borrow());
    if (!type.ok() || type.value() != ns::kind_of(place.type).flag || !status.ok()) continue;
    pins.push_back({.by = place.by,
                    .type = place.type,
                    .name = entry.name,
                    .inode = status.value().inode,
                    .path = text::join(place.path, "/", entry.name)});
  }
}

void list_mounts(const std::string& state_root, std::vector<Pin>& pins) {
  for (const ns::Kind& kind : ns::kKinds) {
    const std::string below = text::join(kPinsFolder, "/", kind.proc);
    const auto directory = find_own_directory(state_root, below);
    if (!directory) continue;
    list_place({PinnedBy::Mount, kind.type, text::join(state_root, "/", below), sys::LastLink::Stays}, directory->borrow(),
               pins);
  }
}

// People also put links to /proc/PID/ns/net there, and ip-netns(8) follows them.
void list_netns(std::vector<Pin>& pins) {
  const auto directory = sys::open_at(sys::kCwd, kNetnsFolder, O_RDONLY | O_DIRECTORY);
  if (directory.ok())
    list_place({PinnedBy::IpNetns, ns::Type::Network, kNetnsFolder, sys::LastLink::IsFollowed}, directory.value().borrow(),
               pins);
}

void list_held(const std::string& state_root, std::vector<Pin>& pins) {
  for (const Hold& hold : list_holds(state_root))
    for (const HeldNamespace& held : hold.namespaces)
      pins.push_back({.by = PinnedBy::Holder,
                      .type = held.type,
                      .name = hold.name,
                      .inode = held.inode,
                      .path = text::join("/proc/", hold.holder.pid, "/fd/", held.descriptor),
                      .holder = hold.holder.pid});
}

sys::NamespaceFd open_held_pin(const Pin& pin, const std::string& state_root) {
  for (const Hold& hold : list_holds(state_root)) {
    if (hold.name != pin.name) continue;
    if (const HeldNamespace* held = hold.find(pin.type)) return open_held(hold, *held);
  }
  throw Error(ErrorKind::Host, text::join(pin.label(), " is gone"));
}

}  // namespace

std::string Pin::label() const {
  constexpr std::string_view kPrefixes[] = {"pin:", "netns:", "hold:"};
  return text::join(kPrefixes[static_cast<std::size_t>(by)], name);
}

std::vector<Pin> list_pins(const std::string& state_root) {
  std::vector<Pin> pins;
  list_mounts(state_root, pins);
  list_netns(pins);
  list_held(state_root, pins);
  std::ranges::sort(pins, {}, [](const Pin& pin) { return std::tie(pin.name, pin.type, pin.by); });
  return pins;
}

sys::NamespaceFd open_pin(const Pin& pin, const std::string& state_root) {
  if (pin.by == PinnedBy::Holder) return open_held_pin(pin, state_root);
  const auto links = pin.by == PinnedBy::Mount ? sys::LastLink::Stays : sys::LastLink::IsFollowed;
  auto fd = sys::open_namespace_file(sys::kCwd, pin.path.c_str(), links).or_throw("open ", pin.path);
  const auto status = sys::status_of_fd(fd.borrow()).or_throw("look at ", pin.path);
  if (status.inode != pin.inode) throw Error(ErrorKind::Host, text::join(pin.path, " is another namespace by now"));
  return fd;
}

}  // namespace caisson::inspect
