// Giving namespaces a name by bind mounts (pin.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspect/kind_choice.hpp"

namespace caisson::inspect {

// Whether a kind that cannot be mounted ends it all, or is left out and told.
enum class Unmountable : std::uint8_t { IsAnError, IsLeftOut };

struct MadePins {
  std::vector<std::string> paths;
  std::vector<std::string> left_out;  // sentences
};

// All or nothing: on failure no file, directory or mount is left. What a killed attempt left under that name is replaced.
MadePins make_pins(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen,
                   Unmountable unmountable);

}  // namespace caisson::inspect
