// The files of a detached container, as its own processes see them while it runs.
#pragma once

#include <optional>

#include "life/store.hpp"
#include "lifecycle/context.hpp"
#include "sys/root_dir.hpp"

namespace caisson::life {

struct Inside {
  sys::RootDir root;
  std::optional<sys::NamespaceFd> user;  // nothing: the caller's own
  bool runs = true;
};
// Of one that has ended: the directory that it was given for its root, if it was; else Error{State}, since what it wrote went
// with it.
Inside open_inside(const lifecycle::Context& context, const Entry& entry);

}  // namespace caisson::life
