// The configuration that `spec` writes as a starting point: the same as `runc spec`, with a cgroup namespace always. As runc
// since 1.2 it grants no ambient capabilities, which would need inheritable ones.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/spec.hpp"

namespace caisson::spec {

struct Owner {
  std::uint32_t uid = 0, gid = 0;
};

struct DefaultSpecOptions {
  // `spec --rootless`: root inside is this user outside; the network is the host's and no cgroup limits are asked for.
  std::optional<Owner> rootless;
};

Spec default_spec(const DefaultSpecOptions& options = {});

}  // namespace caisson::spec
