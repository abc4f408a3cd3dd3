// Opening and entering namespaces that exist. man 2 setns.
#pragma once

#include <vector>

#include "ns/namespace_plan.hpp"
#include "sys/fd.hpp"

namespace caisson::ns {

struct OpenNamespace {
  Type type;
  std::string path;
  sys::NamespaceFd fd;
};

// Opens every path of the plan and checks that each is a namespace of the kind that it is meant to be. A path that leads to
// the caller's own user namespace is left out: the kernel refuses to enter it again (EINVAL), and inheriting is the same.
std::vector<OpenNamespace> open_joined(const NamespacePlan& plan);

// Enters one; pid (and time) namespaces take effect for children only.
void enter(const OpenNamespace& target);

}  // namespace caisson::ns
