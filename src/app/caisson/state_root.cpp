#include "app/caisson/state_root.hpp"

#include <cstdlib>

#include "app/paths.hpp"
#include "host/state_root.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {

std::string state_root_of(const Invocation& invocation) {
  if (std::string root = absolute_path(invocation.line.global.text("root")); !root.empty()) return root;
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");
  return host::default_state_root(sys::effective_uid(), runtime_dir == nullptr ? "" : runtime_dir);
}

}  // namespace caisson::app::human
