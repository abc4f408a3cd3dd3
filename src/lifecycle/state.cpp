#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"

namespace caisson::lifecycle {

spec::State state(const Context& context, std::string_view id) { return state_of(open_container(context, id)); }

}  // namespace caisson::lifecycle
