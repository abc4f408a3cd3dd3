#include "inspect/map_networks.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/route_socket.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// Two descriptors are open for each namespace while the ends of pairs are looked up.
void allow_many_descriptors() {
  auto limit = sys::get_resource_limit(0, RLIMIT_NOFILE).or_throw("read the limit of open files");
  limit.rlim_cur = limit.rlim_max;
  sys::set_resource_limit(0, RLIMIT_NOFILE, limit).or_throw("raise the limit of open files to the most allowed");
}

struct OpenNetwork {
  sys::NamespaceFd fd;
  sys::UniqueFd socket;
};

class NetworkReader {
 public:
  explicit NetworkReader(const Machine& machine) : machine_(machine) {}

  std::vector<NetworkDevices> read() {
    for (const NamespaceEntry& entry : machine_.namespaces)
      if (entry.type == ns::Type::Network) read_one(entry);
    for (std::size_t i = 0; i < networks_.size(); ++i)
      for (const net::Link& link : networks_[i].links) by_index_[link.index].push_back(i);
    for (std::size_t i = 0; i < networks_.size(); ++i)
      for (net::Link& link : networks_[i].links)
        if (link.peer_nsid) link.peer_namespace = find_peer(i, link);
    return std::move(networks_);
  }

 private:
  void read_one(const NamespaceEntry& entry) {
    networks_.push_back({.inode = entry.inode});
    open_.emplace_back();
    try {
      OpenNetwork& open = open_.back();
      open.fd = open_entry(machine_, entry);
      if (!open.fd.valid()) throw Error(ErrorKind::Host, "nothing leads to it that may be opened");
      open.socket = socket_in(entry, open.fd);
      networks_.back().links = reader_.links(open.socket.borrow());
    } catch (const Error& error) {
      networks_.back().unread = error.message();
    }
  }

  sys::UniqueFd socket_in(const NamespaceEntry& entry, const sys::NamespaceFd& network) {
    const NamespaceEntry* owner = machine_.find(ns::Type::User, entry.owner);
    const sys::NamespaceFd user = owner == nullptr ? sys::NamespaceFd{} : open_entry(machine_, *owner);
    return net::route_socket_in(network.borrow(), user.valid() ? std::optional(user.borrow()) : std::nullopt);
  }

  // A pair's ends name each other's index; which of the namespaces that have such a device it is, only the kernel can say.
  bool can_be_peer(const net::Link& link, std::size_t other) const {
    const auto& links = networks_[other].links;
    const auto found = std::ranges::lower_bound(links, link.peer, {}, &net::Link::index);
    if (found == links.end() || found->index != link.peer) return false;
    return link.kind != "veth" || (found->kind == "veth" && found->peer == link.index);
  }

  std::uint64_t find_peer(std::size_t own, const net::Link& link) {
    const auto [known, is_new] = by_nsid_.try_emplace({own, *link.peer_nsid}, kUnknown);
    if (!is_new && known->second != kUnknown) return known->second;
    for (const std::size_t other : by_index_[link.peer])
      if (other != own && can_be_peer(link, other) && nsid(own, other) == link.peer_nsid)
        return known->second = networks_[other].inode;
    return kUnknown;
  }

  std::optional<int> nsid(std::size_t own, std::size_t other) {
    try {
      return reader_.nsid(open_[own].socket.borrow(), open_[other].fd.borrow());
    } catch (const Error&) {
      return std::nullopt;  // gone meanwhile: drawn as a namespace that is not seen
    }
  }

  const Machine& machine_;
  net::LinkReader reader_;
  std::vector<NetworkDevices> networks_;
  std::vector<OpenNetwork> open_;
  std::map<int, std::vector<std::size_t>> by_index_;
  std::map<std::pair<std::size_t, int>, std::uint64_t> by_nsid_;
};

}  // namespace

std::vector<NetworkDevices> read_networks(Machine& machine) {
  allow_many_descriptors();
  return NetworkReader(machine).read();
}

}  // namespace caisson::inspect
