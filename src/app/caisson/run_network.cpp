#include "app/caisson/run_network.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "host/facts.hpp"
#include "network/name_files.hpp"

namespace caisson::app::human {

network::Machine network_machine(const std::string& state_root, LogSink& log) {
  return {.places = network::places_of(state_root), .boot_id = host::read_boot_id(), .log = &log};
}

void bind_name_files(spec::Spec& spec, const network::Wish& wish, const std::string& state_root, const std::string& id) {
  const std::string files = network::files_of(network::places_of(state_root), id);
  for (const std::string_view name : network::kNameFiles) {
    if (name == "hostname" && wish.host_name.empty()) continue;  // it has that of the namespace it shares
    const std::string place = text::join("/etc/", name);
    if (std::ranges::find(spec.mounts, place, &spec::Mount::destination) != spec.mounts.end()) continue;
    spec.mounts.push_back({.destination = place,
                           .type = "bind",
                           .source = text::join(files, "/", name),
                           .options = {"bind", "rprivate", "ro", "nosuid", "nodev", "noexec"}});
  }
}

}  // namespace caisson::app::human
