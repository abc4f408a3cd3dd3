// The steps that only a container's first process takes, in the order of plan::InitStep.
#pragma once

#include "launch/init_context.hpp"

namespace caisson::launch {

void become_root(InitContext& context);
void join_namespaces(InitContext& context);
void create_namespaces(InitContext& context);
void limit_devices(InitContext& context);
void join_session_keyring(InitContext& context);

void set_propagation(InitContext& context);
void attach_root(InitContext& context);
void mount_up_to_devices(InitContext& context);
void mount_past_devices(InitContext& context);
void make_devices(InitContext& context);
void wait_for_runtime_hooks(InitContext& context);
void run_container_hooks(InitContext& context);
void enter_root(InitContext& context);
void set_host_names(InitContext& context);
void set_sysctls(InitContext& context);
void make_paths_readonly(InitContext& context);
void mask_paths(InitContext& context);
void leave_old_root(InitContext& context);
void seal_mounts(InitContext& context);
void wait_for_record(InitContext& context);

}  // namespace caisson::launch
