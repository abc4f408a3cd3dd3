// The files of a detached container, as its own processes see them while it runs.
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
// Of one that has ended: the directory that it was given for its root, if it was; else Error{State}, since what it wrote went
// with it.
Inside open_inside(const lifecycle::Context& context, const Entry& entry);

// Where everything that a container writes goes (mount::HostView), as long as its keeper lives; invalid: it has no such place,
// since its root is a directory of the host. Throws Error{State} for one that does not run.
struct Written {
  sys::UniqueFd stage;
  std::optional<sys::NamespaceFd> user;  // in which its files are to be read
  std::string mountinfo;                 // of the container
};
Written open_written(const lifecycle::Context& context, const Entry& entry);

}  // namespace caisson::life
