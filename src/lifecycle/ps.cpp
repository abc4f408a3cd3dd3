#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"

namespace caisson::lifecycle {

std::vector<pid_t> ps(const Context& context, std::string_view id) {
  const Container container = open_container(context, id);
  const cgroup::LiveCgroup cgroup = container.cgroup();
  std::vector<pid_t> pids = cgroup.pids();
  // Without a cgroup of its own only the first process is known for certain.
  if (cgroup.places().empty() && container.live.init) pids.push_back(container.record->init.pid);
  return pids;
}

}  // namespace caisson::lifecycle
