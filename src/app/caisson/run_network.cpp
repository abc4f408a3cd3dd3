#include "app/caisson/run_network.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "host/facts.hpp"
#include "network/name_files.hpp"

namespace caisson::app::human {

network::Machine network_machine(const std::string& state_root, LogSink& log) {
  return {.places = network::places_of(state_root), .boot_id = host::read_boot_id(), .log = &log};
}

RunNetwork::RunNetwork(const std::string& state_root, LogSink& log, std::string id, network::Wish wish)
    : program_(wish.from_user_space ? std::optional(find_user_network(wish)) : std::nullopt),
      places_(network::places_of(state_root)),
      id_(std::move(id)),
      wish_(program_ ? prepared_for(*program_, std::move(wish)) : std::move(wish)),
      attachment_(network_machine(state_root, log), id_, wish_) {}

void RunNetwork::connect(pid_t first_process, sys::BorrowedFd network_namespace) {
  attachment_.attach(first_process);
  wish_.ports = attachment_.ports();
  if (program_) start_user_network(*program_, {places_, id_, wish_, first_process, network_namespace});
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
