// The checks by the file that holds them; validate.cpp puts them into its tables.
#pragma once

#include <string_view>

#include "spec/spec.hpp"

namespace caisson::spec {

// check_process.cpp needs this one of check_scheduler.cpp.
void check_scheduler(const Process& process, std::string_view prefix);

// check_container.cpp
void check_version(const Spec& spec);
void check_root(const Spec& spec);
void check_mounts(const Spec& spec);
void check_mount_namespace(const Spec& spec);
void check_names(const Spec& spec);
void check_hooks(const Spec& spec);
void check_annotations(const Spec& spec);

// check_namespaces.cpp
void check_namespaces(const Spec& spec);
void check_id_maps(const Spec& spec);
void check_time_offsets(const Spec& spec);
void check_net_devices(const Spec& spec);
void check_sysctl(const Spec& spec);

// check_platform.cpp
void check_paths(const Spec& spec);
void check_propagation(const Spec& spec);
void check_devices(const Spec& spec);
void check_cgroups_path(const Spec& spec);
void check_personality(const Spec& spec);
void check_memory_policy(const Spec& spec);
void check_intel_rdt(const Spec& spec);

// check_resources.cpp; the prefix is the path of the resources object
void check_device_rules(const Resources& resources, std::string_view prefix);
void check_cpu(const Resources& resources, std::string_view prefix);
void check_memory(const Resources& resources, std::string_view prefix);
void check_block_io(const Resources& resources, std::string_view prefix);
void check_hugepages(const Resources& resources, std::string_view prefix);
void check_unified(const Resources& resources, std::string_view prefix);

// check_seccomp.cpp
void check_seccomp_words(const Spec& spec);
void check_seccomp_errno(const Spec& spec);
void check_seccomp_notify(const Spec& spec);
void check_seccomp_rules(const Spec& spec);

}  // namespace caisson::spec
