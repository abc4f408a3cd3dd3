#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "spec/read_config.hpp"

namespace caisson::lifecycle {

spec::State state(const Context& context, std::string_view id) { return state_of(open_container(context, id)); }

spec::Process configured_process(const Context& context, std::string_view id) {
  const Container container = open_container(context, id);
  if (!container.record) throw Error(ErrorKind::State, "container not running");
  spec::Spec config = spec::read_config(container.record->config);
  if (!config.process) throw Error(ErrorKind::Spec, "the container's configuration has no process");
  return *std::move(config.process);
}

}  // namespace caisson::lifecycle
