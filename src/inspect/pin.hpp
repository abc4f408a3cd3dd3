// Namespaces that were given a name so that they live without a process:
//   <state root>/.ns/KIND/NAME   a bind mount, by `caisson ns pin` (a dot, since a container can have any other name there)
//   /run/netns/NAME              kind net, by `caisson ns pin` as well as by ip-netns(8): either sees and removes both
//   <state root>/.holds/NAME     a process with descriptors, by `caisson ns hold` (hold.hpp)
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

inline constexpr const char* kPinsFolder = ".ns";
inline constexpr const char* kNetnsFolder = "/run/netns";

enum class PinnedBy : std::uint8_t { Mount, IpNetns, Holder };

struct Pin {
  PinnedBy by = PinnedBy::Mount;
  ns::Type type = ns::Type::User;
  std::string name;  // of IpNetns: whatever a file can be called
  std::uint64_t inode = 0;
  std::string path;  // by which it can be opened
  pid_t holder = 0;  // Holder: as numbered where it was made

  std::string label() const;  // "pin:lab", "netns:blue", "hold:lab"
};

// All that the caller may see, by name, kind and way. Files without a namespace on them are left out: those are what a crash
// left, or are mounted in another mount namespace only.
std::vector<Pin> list_pins(const std::string& state_root);

// Throws Error{Host} when it is gone meanwhile.
sys::NamespaceFd open_pin(const Pin& pin, const std::string& state_root);

}  // namespace caisson::inspect
