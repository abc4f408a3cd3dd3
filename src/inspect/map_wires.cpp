#include <algorithm>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "inspect/display_text.hpp"
#include "inspect/map_parts.hpp"

namespace caisson::inspect {
namespace {

constexpr std::size_t kNetwork = static_cast<std::size_t>(ns::Type::Network);
constexpr std::size_t kMostSinglePairs = 4;  // pairs that end at the host, drawn one by one

struct Place {
  std::uint64_t network = 0;
  WireEnd end;
  const net::Link* link = nullptr;
};

bool is_master(const net::Link& link) {
  return link.kind == "bridge" || link.kind == "openvswitch" || link.kind == "bond" || link.kind == "team" ||
         link.kind == "vrf";
}

MapDevice device_of(const net::Link& link) {
  MapDevice device{.name = displayable(link.name, 20), .kind = displayable(link.kind, 20), .mac = link.mac};
  device.up = link.up;
  device.loopback = link.loopback;
  device.mtu = link.mtu;
  if (link.vlan) device.kind += text::join(" ", *link.vlan);
  for (const net::Address& address : link.addresses) device.addresses.push_back(text::join(address.ip, "/", address.prefix));
  return device;
}

class WireMaker {
 public:
  explicit WireMaker(Map& map) : map_(map) {
    for (std::size_t i = 0; i < map.cards.size(); ++i)
      if (const std::uint64_t network = map.cards[i].namespaces[kNetwork]; network != kUnknown) homes_.try_emplace(network, i);
  }

  void add_devices(const NetworkDevices& network) {
    const auto home = homes_.find(network.inode);
    if (home == homes_.end()) return;
    MapCard& card = map_.cards[home->second];
    card.unread = network.unread;
    for (const net::Link& link : network.links) {
      places_[{network.inode, link.index}] = {network.inode, {home->second, card.devices.size()}, &link};
      card.devices.push_back(device_of(link));
    }
  }

  void connect() {
    for (const auto& [key, place] : places_) connect(place);
    connect_pairs_of_host();
    for (std::size_t i = 0; i < map_.cards.size(); ++i) share(i);
  }

 private:
  MapDevice& device(const Place& place) { return map_.cards[place.end.card].devices[place.end.device]; }
  const Place* find(std::uint64_t network, int index) const {
    const auto found = places_.find({network, index});
    return found == places_.end() ? nullptr : &found->second;
  }
  const Place* master_of(const Place& place) const {
    return place.link->master == 0 ? nullptr : find(place.network, place.link->master);
  }
  std::string of_card(const Place& place) const { return " of " + map_.cards[place.end.card].name; }

  std::size_t new_wire(WireKind kind, std::string name, std::size_t home) {
    map_.wires.push_back({kind, std::move(name), home, {}});
    return map_.wires.size() - 1;
  }

  // That of a bridge, or of the device that others stand on.
  std::size_t wire_of(const Place& master) {
    MapDevice& own = device(master);
    if (own.wire == kNone || !own.is_wire) {
      std::string name = own.name;
      if (master.end.card != 0) name += of_card(master);
      own.wire = new_wire(is_master(*master.link) ? WireKind::Bridge : WireKind::Parent, std::move(name), master.end.card);
      own.is_wire = true;
    }
    return own.wire;
  }

  void plug(const Place& place, std::size_t wire) {
    device(place).wire = wire;
    map_.wires[wire].ends.push_back(place.end);
  }

  void connect(const Place& place) {
    const net::Link& link = *place.link;
    MapDevice& own = device(place);
    if (const Place* master = master_of(place)) {
      own.is_port = true;
      own.beyond = "port of " + device(*master).name;
    }
    if (link.peer == 0) return;
    const bool is_veth = link.kind == "veth";
    const Place* other = find(link.peer_nsid ? link.peer_namespace : place.network, link.peer);
    if (!own.beyond.empty()) own.beyond += ", ";
    own.beyond += is_veth ? "pair with " : "on ";
    if (other == nullptr) {
      own.beyond += text::join("device ", link.peer, " in a network namespace that is not seen");
      return;
    }
    own.beyond += device(*other).name;
    if (other->network == place.network) return;
    own.beyond += of_card(*other);
    if (const Place* master = master_of(*other)) own.beyond += ", port of " + device(*master).name;
    if (!is_veth)
      plug(place, wire_of(*other));
    else if (place.end.card < other->end.card)  // once for both ends
      connect_pair(place, *other);
  }

  void connect_pair(const Place& a, const Place& b) {
    const Place *of_a = master_of(a), *of_b = master_of(b);
    if (of_a != nullptr && of_b == nullptr) return plug(b, wire_of(*of_a));
    if (of_b != nullptr && of_a == nullptr) return plug(a, wire_of(*of_b));
    if (a.end.card == 0 && of_a == nullptr) return pairs_of_host_.push_back({a, b});
    connect_alone(a, b);
  }

  void connect_alone(const Place& a, const Place& b) {
    const std::size_t wire = new_wire(WireKind::Veth, text::join(device(a).name, " – ", device(b).name), kNone);
    plug(a, wire);
    plug(b, wire);
  }

  void connect_pairs_of_host() {
    const bool single = pairs_of_host_.size() <= kMostSinglePairs;
    const std::size_t wire =
        single ? kNone : new_wire(WireKind::Routed, text::join(pairs_of_host_.size(), " pairs to the host"), 0);
    for (const auto& [host, other] : pairs_of_host_) {
      if (single) {
        connect_alone(host, other);
      } else {
        device(host).wire = wire;
        plug(other, wire);
      }
    }
  }

  // Cards that are in a network namespace whose devices stand on another card.
  void share(std::size_t number) {
    const MapCard& card = map_.cards[number];
    if (!card.own[kNetwork]) return;
    const std::size_t home = homes_.at(card.namespaces[kNetwork]);
    if (home == number) return;
    const std::size_t box = card.box;
    if (box == map_.cards[home].box && map_.boxes[box].kind == BoxKind::Network) return;  // the frame says so
    const auto [found, is_new] = shared_.try_emplace(home, kNone);
    if (is_new) found->second = new_wire(WireKind::Shared, "network namespace of " + map_.cards[home].name, home);
    map_.wires[found->second].ends.push_back({number, kNone});
  }

  Map& map_;
  std::map<std::uint64_t, std::size_t> homes_;  // network namespace -> the card that shows its devices
  std::map<std::pair<std::uint64_t, int>, Place> places_;
  std::vector<std::pair<Place, Place>> pairs_of_host_;
  std::map<std::size_t, std::size_t> shared_;
};

}  // namespace

void add_networks(const std::vector<NetworkDevices>& networks, Map& map) {
  WireMaker maker(map);
  for (const NetworkDevices& network : networks) maker.add_devices(network);
  maker.connect();
}

}  // namespace caisson::inspect
