// Which descriptors a payload inherits: 0, 1, 2, those of systemd socket activation (LISTEN_FDS, man 3 sd_listen_fds) and those
// of --preserve-fds, in this order from 3 on. Everything else is marked close-on-exec before the container exists and closed
// once more by the trampoline (CVE-2024-21626).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/proc_handle.hpp"

namespace caisson::process {

struct KeptDescriptors {
  unsigned listening = 0;  // 3 to 3 + listening - 1
  unsigned preserved = 0;  // the next ones
  unsigned first_closed() const noexcept { return 3 + listening + preserved; }
};

struct ActivationEnvironment {
  std::optional<std::string_view> listen_fds, listen_pid;
};
// LISTEN_FDS counts only if LISTEN_PID is own_pid, as sd_listen_fds(3) says; an unreadable LISTEN_FDS is refused then.
KeptDescriptors plan_descriptors(unsigned preserve_fds, const ActivationEnvironment& environment, int own_pid);
// Throws Error{Usage} naming the first number that is not open. To be called before the runtime opens anything of its own.
void verify_descriptors(const KeptDescriptors& kept);
// "LISTEN_FDS=2", "LISTEN_PID=1"; empty without activation.
std::vector<std::string> activation_variables(const KeptDescriptors& kept);

// Close-on-exec for every descriptor from `first` on.
void mark_others_close_on_exec(unsigned first, const sys::ProcHandle& proc);

}  // namespace caisson::process
