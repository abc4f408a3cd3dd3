// createContainer hooks: in the container's namespaces, before its root is entered, found in the host's tree (config.md).
#include "launch/container_steps.hpp"
#include "process/hooks.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

void run_container_hooks(InitContext& context) {
  if (context.plan.hooks.create_container.empty()) return;
  spec::State state = context.options.state;
  state.pid = sys::process_id();
  const std::string json = spec::write_hook_state(state);
  process::run_hooks({"createContainer", context.plan.hooks.create_container, json, context.plan.root.step.rootfs});
}

}  // namespace caisson::launch
