// What `ns map` draws, as a value: cards (processes that share all their namespaces, a container by its name, or a namespace
// that something else than a process holds), the frames they stand in (user namespaces, and pid and network namespaces that
// more than one card is in), and the wires between network namespaces. Made from a scan by a pure function; every text in it is
// displayable.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/machine.hpp"
#include "net/links.hpp"

namespace caisson::inspect {

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);
inline constexpr std::size_t kKindCount = ns::kKinds.size();
using KindSet = std::array<bool, kKindCount>;  // by ns::Type
inline constexpr KindSet kEveryKind{true, true, true, true, true, true, true, true};

// The devices of one network namespace; why they could not be read, in words, if so.
struct NetworkDevices {
  std::uint64_t inode = 0;
  std::vector<net::Link> links;
  std::string unread;
};

enum class CardKind : std::uint8_t { Host, KernelThreads, Container, Processes, Held };

struct MapProcess {
  pid_t pid = 0;
  std::string command;
};

struct MapDevice {
  std::string name, kind, mac;
  bool up = false, loopback = false;
  unsigned mtu = 0;
  std::vector<std::string> addresses;  // "192.0.2.1/24"
  std::string beyond;                  // what is at the other end, or below, or whose port it is, in words
  std::size_t wire = kNone;            // that it is plugged into, or that it is itself (a bridge)
  bool is_port = false;                // of a bridge in the same namespace
  bool is_wire = false;
};

struct MapCard {
  CardKind kind = CardKind::Processes;
  std::string container;                // its whole name, however long
  std::string name, detail;             // what it is called; its first program, or what holds it
  std::vector<std::string> lines;       // Held: one namespace each, with its holders
  std::vector<MapProcess> processes;    // by rising pid
  NamespaceInodes namespaces{};         // kUnknown: none, or not read
  KindSet own{};                        // not those of the host
  std::vector<std::string> stands_for;  // the names of the identical cards that it stands for, its own first; empty: itself
  std::size_t box = 0;
  std::vector<MapDevice> devices;  // of its network namespace, on the first card that is in it
  std::string unread;              // why there are no devices
  std::size_t copies() const { return stands_for.empty() ? 1 : stands_for.size(); }
};

enum class BoxKind : std::uint8_t { User, Pid, Network };

struct MapBox {
  BoxKind kind = BoxKind::User;
  std::uint64_t inode = 0;
  std::string label, detail;
  std::size_t parent = kNone;             // the first box is the root: the host's user namespace
  std::vector<std::size_t> boxes, cards;  // inside
};

// Bridge: a device with ports. Parent: a device that others stand on (vlan, macvlan). Veth: a pair. Routed: the pairs that end
// at the host, on no bridge. Shared: cards that are in one network namespace but cannot stand in one frame.
enum class WireKind : std::uint8_t { Bridge, Parent, Veth, Routed, Shared };

struct WireEnd {
  std::size_t card = kNone, device = kNone;
};

struct MapWire {
  WireKind kind = WireKind::Bridge;
  std::string name;
  std::size_t home = kNone;  // the card that has the bridge or the parent
  std::vector<WireEnd> ends;
};

struct Map {
  std::string host, when;
  std::vector<MapCard> cards;  // the host first
  std::vector<MapBox> boxes;   // a box stands before those inside it
  std::vector<MapWire> wires;
  std::vector<std::string> notes;  // what is not drawn, and why
};

struct MapOptions {
  std::string host, when;  // for the title
  KindSet kinds = kEveryKind;
  bool kernel_threads = false;
  std::size_t stack_from = 5;             // so many identical cards are drawn as one; 0: never
  std::size_t stack_containers_from = 0;  // the same for containers, which have names
};

Map make_map(const Machine& machine, const std::vector<NetworkDevices>& networks, const MapOptions& options);

}  // namespace caisson::inspect
