// What PID 1 of a running container says about its services, read from outside. The file is PID 1's own: no service can write
// it; it is checked all the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launch/trampoline/services_page.hpp"

namespace caisson::service {

struct Seen {
  std::string name;
  launch::ServiceState state = launch::ServiceState::Waiting;
  int pid = 0;  // in the container; 0: none
  std::uint32_t starts = 0, restarts = 0;
  int status = 0;
  std::int64_t since = 0;  // seconds since 1970
};

// "running", "stopped", ...
std::string_view state_name(launch::ServiceState state) noexcept;
// Nothing for a page that is not written yet, or is none.
std::optional<std::vector<Seen>> read_page(std::string_view bytes);
// Nothing for a container without services, or one that does not run.
std::optional<std::vector<Seen>> look(const std::string& state_root, std::string_view id);

}  // namespace caisson::service
