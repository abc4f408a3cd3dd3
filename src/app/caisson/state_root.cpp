#include "app/caisson/state_root.hpp"

#include <cstdlib>

#include "app/caisson/run_detached.hpp"
#include "app/paths.hpp"
#include "base/error.hpp"
#include "host/state_root.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {

std::string state_root_of(const Invocation& invocation) {
  if (std::string root = absolute_path(invocation.line.global.text("root")); !root.empty()) return root;
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");
  return host::default_state_root(sys::effective_uid(), runtime_dir == nullptr ? "" : runtime_dir);
}

inspect::Places places_of(const Invocation& invocation) {
  inspect::Places places{.state_root = state_root_of(invocation)};
  try {
    places.store = store_path_of(absolute_path(invocation.line.global.text("root")));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Host) throw;
  }
  return places;
}

}  // namespace caisson::app::human
