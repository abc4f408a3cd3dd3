#include "network/attachment.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "network/host_device.hpp"
#include "network/membership.hpp"
#include "network/name_files.hpp"
#include "network/networks.hpp"
#include "network/port_owner.hpp"
#include "network/way_out.hpp"
#include "network/wiring.hpp"
#include "sys/file.hpp"
#include "sys/port_socket.hpp"
#include "sys/process.hpp"

namespace caisson::network {
namespace {

constexpr const char* kResolver = "/etc/resolv.conf";
constexpr const char* kRealResolver = "/run/systemd/resolve/resolv.conf";  // of a machine whose own names only its stub

bool is_alive(const Machine& machine, const Member& member) {
  return state::open_verified(member.owner, machine.boot_id).has_value();
}

// opened: the socket of open_firewall_for, of a caller that does not wait for the kernel. Returns that of close_firewall_for.
sys::UniqueFd release_locked(const Machine& machine, const Store& store, const Member& member,
                             std::optional<sys::BorrowedFd> opened = std::nullopt) {
  const std::vector<Member> others = attached_others(store, member.id);
  sys::UniqueFd filter;
  ErrorList failures;
  const auto attempt = [&](const auto& step) {
    try {
      step();
    } catch (const Error& error) {
      failures.add(error);
    }
  };
  if (member.attached) {
    attempt([&] { return_devices(store, member, *machine.log); });
    attempt([&] { filter = close_firewall_for(store, member, others); });
    const std::array filters = {filter.borrow(), opened.value_or(filter.borrow())};
    attempt([&] { remove_devices(member.endpoints, opened ? std::optional(Early{filters}) : std::nullopt); });
    attempt([&] { tell_neighbours(store, member, others); });
  }
  failures.throw_if_any();  // the record stays, for another try
  if (!store.wait_for_companion(member.id))
    machine.log->warning(text::join("the program that carries the packets of container ", member.id, " does not end"));
  store.remove(member);
  return filter;
}

void release_with(const Machine& machine, std::string_view id, std::optional<sys::BorrowedFd> opened) {
  if (!is_member(machine.places, id)) return;
  sys::UniqueFd filter;
  const Store store(machine.places);
  if (const auto member = store.member(id)) filter = release_locked(machine, store, *member, opened);
}

std::string host_resolver() {
  const auto text = sys::read_file(sys::kCwd, kResolver);
  if (!text.ok()) return {};
  if (!names_only_loopback(text.value())) return text.value();
  auto real = sys::read_file(sys::kCwd, kRealResolver);
  return real.ok() ? std::move(real).value() : text.value();
}

std::string resolver_text(const Wish& wish) {
  if (!wish.shares_host) return resolv_text(wish, host_resolver());
  const auto text = sys::read_file(sys::kCwd, kResolver);
  return resolv_text(wish, text.ok() ? std::string_view(text.value()) : std::string_view());
}

// eth0, eth1, ... for those that have no name of their own.
std::string device_name(const Wish& wish, const Member& so_far) {
  for (unsigned number = 0;; ++number) {
    std::string name = text::join("eth", number);
    if (std::ranges::find(wish.endpoints, name, &EndpointWish::device) == wish.endpoints.end() &&
        std::ranges::find(so_far.endpoints, name, &Endpoint::device) == so_far.endpoints.end())
      return name;
  }
}

bool same_port(const PublishedPort& a, const PublishedPort& b) {
  const bool same_host = !a.host.given() || !b.host.given() || a.host.is_zero() || b.host.is_zero() || a.host == b.host;
  return same_host && a.protocol == b.protocol && a.host_port == b.host_port;
}

void refuse_published(const Wish& wish, const std::vector<Member>& members) {
  for (const PublishedPort& wanted : wish.ports)
    for (const Member& member : members)
      if (std::ranges::any_of(member.ports, [&](const PublishedPort& port) { return same_port(port, wanted); }))
        throw Error(ErrorKind::State,
                    text::join("--publish: container ", member.names.empty() ? member.id : member.names.front(),
                               " publishes port ", wanted.host_port, " already"))
            .with_hint("choose another port of this machine");
}

Member member_for(const Machine& machine, const Store& store, const std::string& id, const Wish& wish) {
  const std::vector<Member> members = store.members();
  refuse_published(wish, members);
  Member member{.id = id, .names = wish.names, .host_name = wish.host_name, .ports = wish.ports, .host_lines = wish.host_lines};
  member.names.push_back(id);
  member.owner = state::identify(sys::process_id(), machine.boot_id);
  for (const EndpointWish& endpoint : wish.endpoints) {
    if (!wish.ports.empty() && member.endpoints.empty() && network_for_use(store, endpoint.network).internal)
      throw Error(ErrorKind::Usage, text::join("--publish: network ", endpoint.network, " is internal: no port leads into it"));
    EndpointWish named = endpoint;
    if (named.device.empty()) named.device = device_name(wish, member);
    member.endpoints.push_back(make_endpoint(store, member, named, members));
  }
  return member;
}

}  // namespace

void reclaim(const Machine& machine, const Store& store) {
  store.remove_cut_off();
  for (const Member& member : store.members()) {
    if (is_alive(machine, member)) continue;
    try {
      release_locked(machine, store, member);
    } catch (const Error& error) {
      machine.log->warning(text::join("take back the networks of container ", member.id, ", which is gone: ", error.message()));
    }
  }
}

void release(const Machine& machine, std::string_view id) { release_with(machine, id, std::nullopt); }

Attachment::Attachment(Machine machine, std::string id, const Wish& wish) : machine_(std::move(machine)), id_(std::move(id)) {
  check_wish(wish);
  if (!wish.endpoints.empty()) {
    refuse_ordinary_user();
    refuse_without_filter(machine_.places);
  }
  const std::string resolver = resolver_text(wish);
  const Store store(machine_.places);
  reclaim(machine_, store);
  Member member = member_for(machine_, store, id_, wish);
  // First those that have a number, so that none of them is found for the others.
  for (const bool any : {false, true})
    for (PublishedPort& port : member.ports)
      if ((port.host_port == 0) == any) keep_port(port);
  ports_ = member.ports;
  if (wish.from_user_space) kept_ports_.clear();  // they are free: the program that carries the packets takes them
  store.write(member);
  try {
    store.make_files(id_);
    store.write_file(id_, "hosts", hosts_text(member, attached_others(store, id_)));
    store.write_file(id_, "hostname", hostname_text(member));
    store.write_file(id_, "resolv.conf", resolver);
    open_way_out(networks_of(store, member), *machine_.log);
  } catch (const Error&) {
    store.remove(member);
    throw;
  }
}

Attachment::~Attachment() {
  if (!mine_) return;
  try {
    release();
  } catch (const Error& error) {
    machine_.log->warning(text::join("take back the networks of container ", id_, ": ", error.message()));
  }
}

// Nobody else can then have the port without our knowing, and what arrives there goes to the container all the same.
void Attachment::keep_port(PublishedPort& port) {
  const net::Ip everywhere(std::string_view("\0\0\0\0", 4));
  const net::Ip host = port.host.given() ? port.host : everywhere;
  const bool tcp = port.protocol == net::Protocol::Tcp;
  auto kept = sys::keep_port(host.bytes(), port.host_port, tcp ? sys::PortKind::Stream : sys::PortKind::Datagram);
  if (kept.err() == EADDRINUSE && port.host_port == 0)
    throw Error(ErrorKind::Host, text::join("--publish: no port of ", host.text(), " is free for ", inside_text(port)))
        .with_hint("sysctl net.ipv4.ip_local_port_range says which are looked at; --publish PORT:PORT names one");
  if (kept.err() == EADDRINUSE)
    throw Error(ErrorKind::Host, text::join("--publish: port ", port.host_port, tcp ? "/tcp" : "/udp", " is in use",
                                            port_owner(port.host_port, port.protocol)))
        .with_hint("stop that program, or choose another port of this machine");
  if (kept.err() == EACCES)
    throw Error(ErrorKind::Host, text::join("--publish: take port ", port.host_port), EACCES)
        .with_hint("this machine keeps low ports for root (sysctl net.ipv4.ip_unprivileged_port_start): choose a higher one");
  sys::UniqueFd socket = std::move(kept).or_throw("--publish: take port ", port.host_port, " at ", host.text());
  if (port.host_port == 0) port.host_port = sys::port_of(socket.borrow()).or_throw("--publish: read which port was free");
  kept_ports_.push_back(std::move(socket));
}

void Attachment::attach(pid_t first_process) {
  const Store store(machine_.places);
  auto member = store.member(id_);
  if (!member) throw Error(ErrorKind::State, text::join("the network record of container ", id_, " is gone"));
  const std::vector<Member> others = attached_others(store, id_);
  member->attached = true;
  member->owner = state::identify(first_process, machine_.boot_id);
  store.write(*member);
  if (member->endpoints.empty()) return;
  const std::string path = text::join("/proc/", first_process, "/ns/net");
  const sys::UniqueFd inside =
      sys::open_at(sys::kCwd, path.c_str(), O_RDONLY).or_throw("open the container's network namespace");
  filter_ = open_firewall_for(store, *member, others);
  connect_devices(store, member->endpoints, member->ports.empty() ? Ports::None : Ports::Published, inside.borrow());
  store.write_file(id_, "hosts", hosts_text(*member, others));
  std::vector<Member> all = others;
  all.push_back(*member);
  tell_neighbours(store, *member, all);
}

std::vector<sys::BorrowedFd> Attachment::kept_ports() const {
  std::vector<sys::BorrowedFd> all;
  for (const sys::UniqueFd& port : kept_ports_) all.push_back(port.borrow());
  return all;
}

void Attachment::release(Wait wait) {
  release_with(machine_, id_, wait == Wait::No ? std::optional(filter_.borrow()) : std::nullopt);
  mine_ = false;
  kept_ports_.clear();
  filter_.reset();
}

}  // namespace caisson::network
