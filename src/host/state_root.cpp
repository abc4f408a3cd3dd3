#include "host/state_root.hpp"

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::host {

std::string default_state_root(uid_t euid, std::string_view xdg_runtime_dir) {
  if (euid == 0) return "/run/caisson";
  if (xdg_runtime_dir.starts_with('/')) return text::join(text::clean_path(xdg_runtime_dir), "/caisson");
  const std::string run_user = text::join("/run/user/", euid);
  const auto status = sys::status_at(sys::kCwd, run_user.c_str());
  if (status.ok() && status.value().is_dir() && status.value().uid == euid) return text::join(run_user, "/caisson");
  return text::join("/tmp/caisson-", euid);
}

}  // namespace caisson::host
