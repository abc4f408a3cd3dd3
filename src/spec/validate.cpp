#include "spec/validate.hpp"

#include <array>

#include "spec/checks.hpp"

namespace caisson::spec {
namespace {

constexpr std::string_view kResources = "linux.resources";

struct ResourceCheck {
  std::string_view name;
  std::string_view rule;
  void (*run)(const Resources& resources, std::string_view prefix);
};

constexpr std::array kResourceChecks{
    ResourceCheck{"device-rules", "device rules are for c, b or a, with numbers and access letters", check_device_rules},
    ResourceCheck{"cpu", "cpus and mems are number lists and idle is 0 or 1", check_cpu},
    ResourceCheck{"memory", "memory limits are -1 or an amount, swappiness is at most 100", check_memory},
    ResourceCheck{"block-io", "block I/O weights are 10 to 1000 and devices have numbers", check_block_io},
    ResourceCheck{"hugepages", "every huge page size is written like 2MB and given once", check_hugepages},
    ResourceCheck{"unified", "keys of unified are names of cgroup files", check_unified},
};

// One row of kChecks for a row of kResourceChecks.
template <std::size_t Index>
void run_resource_check(const Spec& spec) {
  if (spec.linux_ && spec.linux_->resources) kResourceChecks[Index].run(*spec.linux_->resources, kResources);
}
template <std::size_t Index>
constexpr Check resource_check() {
  return {kResourceChecks[Index].name, kResourceChecks[Index].rule, run_resource_check<Index>};
}

constexpr std::array kChecks{
    Check{"version", "ociVersion is a semantic version 1.x", check_version},
    Check{"root", "root.path is given", check_root},
    Check{"namespaces", "every namespace type occurs once, and paths are absolute", check_namespaces},
    Check{"id-maps", "id maps need a user namespace, come in pairs, and neither overlap nor overflow", check_id_maps},
    Check{"time-offsets", "clock offsets need a new time namespace and known clocks", check_time_offsets},
    Check{"names", "hostname and domainname need a uts namespace and are at most 64 bytes", check_names},
    Check{"mounts", "mounts have a destination, and id maps in pairs", check_mounts},
    Check{"mount-namespace", "mounts, masked and read-only paths need a mount namespace", check_mount_namespace},
    Check{"paths", "masked and read-only paths are absolute", check_paths},
    Check{"propagation", "linux.rootfsPropagation is a known word", check_propagation},
    Check{"devices", "devices have an absolute path, a type and numbers, one device to a path", check_devices},
    Check{"net-devices", "network devices need a network namespace and valid names", check_net_devices},
    Check{"sysctl", "a sysctl belongs to a namespace that the container has", check_sysctl},
    Check{"cgroups-path", "linux.cgroupsPath has no \"..\" and no line break", check_cgroups_path},
    resource_check<0>(),
    resource_check<1>(),
    resource_check<2>(),
    resource_check<3>(),
    resource_check<4>(),
    resource_check<5>(),
    Check{"seccomp-words", "architectures and flags of linux.seccomp are known", check_seccomp_words},
    Check{"seccomp-errno", "only actions that return an errno have one", check_seccomp_errno},
    Check{"seccomp-notify", "SCMP_ACT_NOTIFY has a listener, is not the default and not for write", check_seccomp_notify},
    Check{"seccomp-rules", "seccomp rules name system calls and arguments 0 to 5", check_seccomp_rules},
    Check{"personality", "linux.personality has a known domain and no flags", check_personality},
    Check{"memory-policy", "linux.memoryPolicy has a known mode with the nodes and flags it takes", check_memory_policy},
    Check{"intel-rdt", "linux.intelRdt.closID is the name of a directory", check_intel_rdt},
    Check{"hooks", "hooks have an absolute path, a proper environment and a timeout above 0", check_hooks},
    Check{"annotations", "annotations have keys", check_annotations},
};
static_assert(kResourceChecks.size() == 6, "one resource_check row in kChecks for each");

}  // namespace

std::span<const Check> checks() { return kChecks; }

void validate(const Spec& spec) {
  for (const Check& check : kChecks) check.run(spec);
  if (spec.process) validate_process(*spec.process, "process");
}

void validate_resources(const Resources& resources, std::string_view prefix) {
  for (const ResourceCheck& check : kResourceChecks) check.run(resources, prefix);
}

}  // namespace caisson::spec
