// The files of a detached container, as its own processes see them while it runs; of one that has ended as they were.
#pragma once

#include <optional>
#include <string>

#include "life/store.hpp"
#include "lifecycle/context.hpp"
#include "sys/root_dir.hpp"

namespace caisson::life {

struct Inside {
  sys::RootDir root;
  std::optional<sys::NamespaceFd> user;  // nothing: the caller's own
};
// Of one that has ended: the directory that it was given for its root, if it was; else nothing, since only a process of its own
// sees its layer as a root (StillContainer).
std::optional<Inside> open_inside(const lifecycle::Context& context, const Entry& entry);
// As a process sees them, which its caller holds.
Inside inside_of(pid_t pid);

// Where everything that a container writes goes (mount::HostView): its layer, or in memory, as long as its keeper lives.
// Throws Error{State} when it is gone, or was never there, since the root is a directory of the host.
sys::UniqueFd open_written(const lifecycle::Context& context, const Entry& entry);

// What else is to be known of what it has written.
struct View {
  std::optional<sys::NamespaceFd> user;  // in which its files are to be read
  std::string mountinfo;                 // of the container
};
View view_of(pid_t pid);

}  // namespace caisson::life
