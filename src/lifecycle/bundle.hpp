// A bundle as create and run take it: its configuration read, checked, and joined with the command line into one wish.
#pragma once

#include "lifecycle/commands.hpp"
#include "lifecycle/new_container.hpp"

namespace caisson::lifecycle {

enum class Lifetime : std::uint8_t { Detached, Foreground };

// Throws Error{Spec} with the path of what is wrong; nothing has been changed then.
ContainerWish read_wish(const Context& context, const CreateRequest& request, Lifetime lifetime);

// Gives a terminal without a size that of the caller's, before the payload starts: later it would see a change of size.
void take_callers_window(spec::Process& process);

// How many descriptors from 3 on the payload inherits: those of socket activation and of --preserve-fds, all checked to be
// open. Adds the variables of sd_listen_fds(3) to the payload's environment.
unsigned keep_descriptors(unsigned preserve_fds, std::vector<std::string>& env);

}  // namespace caisson::lifecycle
