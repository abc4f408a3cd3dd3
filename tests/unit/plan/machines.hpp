// Made-up machines, users and configurations to plan for.
#pragma once

#include <utility>

#include "plan/plan.hpp"
#include "spec/default_spec.hpp"

namespace caisson::plan {

inline cgroup::CgroupFacts pure_v2() {
  return {.mode = cgroup::Mode::V2, .v2 = {"/sys/fs/cgroup", "", "/user.slice/shell"}, .v1 = {}};
}

inline cgroup::CgroupFacts only_v1() {
  return {.mode = cgroup::Mode::V1,
          .v2 = {},
          .v1 = {{"/sys/fs/cgroup/cpu,cpuacct", "cpu,cpuacct", "/"},
                 {"/sys/fs/cgroup/devices", "devices", "/user.slice"},
                 {"/sys/fs/cgroup/memory", "memory", "/"},
                 {"/sys/fs/cgroup/systemd", "name=systemd", "/user.slice/shell"}}};
}

inline cgroup::CgroupFacts hybrid() {
  return {.mode = cgroup::Mode::Hybrid,
          .v2 = {"/sys/fs/cgroup/unified", "", "/user.slice"},
          .v1 = {{"/sys/fs/cgroup/devices", "devices", "/"}, {"/sys/fs/cgroup/pids", "pids", "/"}}};
}

inline host::HostFacts root_on(cgroup::CgroupFacts cgroups) {
  return {.euid = 0,
          .egid = 0,
          .effective_capabilities = security::kAllCapabilities,
          .kernel = {6, 1},
          .cgroup = std::move(cgroups)};
}

inline host::HostFacts ordinary_user() {
  return {.euid = 1000,
          .egid = 1001,
          .kernel = {6, 1},
          .cgroup = pure_v2(),
          .users = host::UserNamespaceFacts{.user_name = "ann",
                                            .subordinate_uids = {{100000, 65536}},
                                            .subordinate_gids = {{100000, 65536}},
                                            .newuidmap = "/usr/bin/newuidmap",
                                            .newgidmap = "/usr/bin/newgidmap"}};
}

inline Request web() { return {.id = "web", .bundle = "/srv/bundle"}; }

inline spec::Spec rootless_spec() { return spec::default_spec({.rootless = spec::Owner{1000, 1001}}); }

inline spec::Namespace& namespace_in(spec::Spec& spec, spec::NamespaceType type) {
  for (spec::Namespace& one : spec.linux_->namespaces)
    if (one.type == type) return one;
  return spec.linux_->namespaces.emplace_back(spec::Namespace{type, ""});
}

inline void share(spec::Spec& spec, spec::NamespaceType type) {
  std::erase_if(spec.linux_->namespaces, [type](const spec::Namespace& one) { return one.type == type; });
}

inline spec::Seccomp forbid_reboot() {
  return {.default_action = spec::SeccompAction::Allow,
          .architectures = {},
          .listener_path = {},
          .listener_metadata = {},
          .syscalls = {{.names = {"reboot"}, .action = spec::SeccompAction::Errno, .errno_ret = {}, .args = {}}}};
}

}  // namespace caisson::plan
