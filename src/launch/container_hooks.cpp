// createContainer hooks: in the container's namespaces, before its root is entered, found in the host's tree (config.md).
#include "launch/container_steps.hpp"

namespace caisson::launch {

void run_container_hooks(InitContext& context) { static_cast<void>(context); }

}  // namespace caisson::launch
