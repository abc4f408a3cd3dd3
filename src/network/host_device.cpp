#include "network/host_device.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/device_editor.hpp"
#include "net/moved_device.hpp"
#include "net/route_socket.hpp"
#include "network/definition.hpp"
#include "network/membership.hpp"
#include "sys/file.hpp"
#include "sys/netlink.hpp"

namespace caisson::network {
namespace {

net::Link device_to_lend(net::DeviceEditor& host, const Store& store, std::string_view name) {
  const auto link = host.find(name);
  if (!link)
    throw Error(ErrorKind::Usage, text::join("this machine has no network device ", text::quoted(name)))
        .with_hint("`ip link` lists them");
  const auto refuse = [&](std::string_view why, std::string_view hint) {
    throw Error(ErrorKind::State, text::join("network device ", name, " ", why)).with_hint(std::string(hint));
  };
  if (link->loopback) refuse("is the loopback device", "every network namespace has one of its own");
  if (link->group == device_group(store.places().state_root))
    refuse("belongs to a network of containers", "caisson net connect brings a container to a network");
  if (link->master != 0) refuse("is a port of another device", "take it out first: ip link set DEVICE nomaster");
  return *link;
}

std::vector<std::string> all_of(const std::vector<std::string>& texts, std::string (*change)(std::string_view)) {
  std::vector<std::string> changed;
  for (const std::string& text : texts) changed.push_back(change(text));
  return changed;
}

net::DeviceSetting setting_of(const LentDevice& lent) {
  return {all_of(lent.addresses, from_hexadecimal), all_of(lent.routes, from_hexadecimal)};
}

LentDevice record_of(const net::Link& link, const net::DeviceSetting& setting, std::string_view device) {
  return {.name = link.name,
          .device = std::string(device),
          .mtu = link.mtu,
          .up = link.up,
          .mac = link.mac,
          .addresses = all_of(setting.addresses, text::hexadecimal),
          .routes = all_of(setting.routes, text::hexadecimal)};
}

void warn_of(const ErrorList& failures, LogSink& log) {
  for (const Error& error : failures.all()) log.warning(error.message());
}

// What the machine's own device had. Another one may have its name by now.
void set_as_it_was(const LentDevice& lent, const std::string& name, LogSink& log) {
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor host(socket.borrow());
  const auto link = host.find(name);
  if (!link) throw Error(ErrorKind::Kernel, text::join("find network device ", name), ENODEV);
  ErrorList failures;
  net::DeviceMover mover(socket.borrow());
  try {
    mover.set_form(*link, lent.mtu, mac_bytes(lent.mac));
    if (lent.up) host.set_up(*link);
  } catch (const Error& error) {
    failures.add(error);
  }
  warn_of(failures, log);
  warn_of(mover.restore(*link, setting_of(lent)), log);
}

std::optional<net::Link> lent_link(net::DeviceEditor& inside, const LentDevice& lent) {
  return lent.index != 0 ? inside.find(lent.index) : inside.find(lent.device);
}

void return_one(sys::BorrowedFd network_namespace, const LentDevice& lent, LogSink& log) {
  const sys::UniqueFd socket = net::route_socket_in(network_namespace);
  net::DeviceEditor inside(socket.borrow());
  const auto link = lent_link(inside, lent);
  if (!link) {
    const sys::UniqueFd own = sys::make_route_socket().or_throw("make a route socket");
    if (!net::DeviceEditor(own.borrow()).find(lent.name))
      log.warning(text::join("network device ", lent.name, " does not come back: the container has removed it"));
    return;
  }
  const sys::UniqueFd here = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
  net::DeviceMover mover(socket.borrow());
  std::string name = lent.name;
  auto moved = mover.move(*link, name, here.borrow());
  if (moved.err() == EEXIST) {
    name = host_link_name();
    moved = mover.move(*link, name, here.borrow());
    log.warning(text::join("network device ", lent.name, " comes back as ", name, ", since another one has its name"));
  }
  std::move(moved).or_throw("move network device ", lent.name, " back");
  set_as_it_was(lent, name, log);
}

void bring_up_inside(const Running& container, LentDevice& lent) {
  const sys::UniqueFd socket = net::route_socket_in(container.network_namespace);
  net::DeviceEditor inside(socket.borrow());
  const auto link = inside.find(lent.device);
  if (!link) throw Error(ErrorKind::Kernel, text::join("find network device ", lent.device, " in the container"), ENODEV);
  lent.index = link->index;
  inside.set_up(*link);
  net::DeviceMover(socket.borrow()).restore(*link, {net::lasting_addresses(setting_of(lent).addresses), {}}).throw_if_any();
}

}  // namespace

void return_devices(const Store& store, const Member& member, LogSink& log) {
  if (member.devices.empty()) return;
  const auto held = store.held_namespace(member.id);
  if (!held) return;  // nothing was moved yet
  for (const LentDevice& lent : member.devices) return_one(held->borrow(), lent, log);
  store.let_namespace_go(member.id);
}

void attach_device(const Machine& machine, const Running& container, std::string_view name, std::string_view device) {
  refuse_ordinary_user();
  const Store store(machine.places);
  reclaim(machine, store);
  const sys::UniqueFd socket = sys::make_route_socket().or_throw("make a route socket");
  net::DeviceEditor host(socket.borrow());
  const net::Link link = device_to_lend(host, store, name);
  net::DeviceMover mover(socket.borrow());
  const std::string inside = free_device_name(container.network_namespace, device.empty() ? name : device);
  const Member before = member_of(machine, store, container);
  Member after = before;
  after.devices.push_back(record_of(link, mover.read_setting(link), inside));
  store.write(after);
  try {
    if (before.devices.empty()) store.hold_namespace(container.id, container.network_namespace);
    const auto moved = mover.move(link, inside, container.network_namespace);
    if (moved.err() == EINVAL)
      throw Error(ErrorKind::Kernel, text::join("move network device ", name, " into the container"), EINVAL)
          .with_hint("the kernel keeps devices of this kind (bridges, some tunnels) where they were made");
    sys::SysStatus(moved).or_throw("move network device ", name, " into the container");
    bring_up_inside(container, after.devices.back());
    store.write(after);
  } catch (const Error&) {
    undo(machine, "give the device back", [&] {
      if (const auto held = store.held_namespace(container.id)) return_one(held->borrow(), after.devices.back(), *machine.log);
      if (before.devices.empty()) store.let_namespace_go(container.id);
      write_or_remove(store, before);
    });
    throw;
  }
}

void detach_device(const Machine& machine, const Running& container, std::string_view device) {
  refuse_ordinary_user();
  const Store store(machine.places);
  Member member = member_of(machine, store, container);
  const auto lent = std::ranges::find(member.devices, device, &LentDevice::device);
  if (lent == member.devices.end())
    throw Error(ErrorKind::State, text::join("container ", container.name, " has no attached device ", text::quoted(device)))
        .with_hint("devices of its networks go with caisson net disconnect");
  const auto held = store.held_namespace(container.id);
  if (!held) throw Error(ErrorKind::State, text::join("the namespace of container ", container.name, " is not held any more"));
  return_one(held->borrow(), *lent, *machine.log);
  member.devices.erase(lent);
  if (member.devices.empty()) store.let_namespace_go(container.id);
  write_or_remove(store, member);
}

}  // namespace caisson::network
