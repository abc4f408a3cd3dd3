// The finished plan of one process inside a container: its first (create, run) or a later one (exec). A value.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/facts.hpp"
#include "plan/service_plan.hpp"
#include "process/cpu_affinity.hpp"
#include "process/memory_policy.hpp"
#include "process/rlimits.hpp"
#include "security/capabilities.hpp"
#include "security/lsm.hpp"
#include "security/seccomp.hpp"
#include "spec/spec.hpp"
#include "sys/scheduling.hpp"
#include "sys/terminal.hpp"

namespace caisson::plan {

enum class Groups : std::uint8_t { Set, Keep };  // Keep: setgroups is denied in this user namespace, or asked for by annotation

struct ProcessPlan {
  std::vector<std::string> args, env;
  std::string cwd;
  bool terminal = false;
  std::optional<sys::WindowSize> window;
  // Of a foreground process whose terminal is copied to a pipe or a file: what arrives there has the lines of the payload,
  // without the carriage returns that a terminal adds to each.
  bool output_is_no_terminal = false;
  uid_t uid = 0;
  gid_t gid = 0;
  Groups groups_mode = Groups::Set;
  std::vector<gid_t> groups;
  std::optional<mode_t> umask;                           // absent: 0022 for a container's first process, inherited for exec
  std::optional<security::CapabilityPlan> capabilities;  // absent: none at all
  unsigned last_capability = 40;
  bool no_new_privileges = false;
  std::vector<process::RlimitAction> rlimits;
  std::optional<std::int32_t> oom_score_adj;
  std::optional<sys::SchedulingAttributes> scheduler;
  std::optional<int> io_priority;
  std::optional<unsigned long> personality;
  std::optional<process::MemoryPolicyPlan> memory_policy;
  process::CpuAffinityPlan affinity;
  security::LsmPlan lsm;
  std::optional<security::FilterProgram> filter;
  std::string seccomp_agent, seccomp_metadata;  // listenerPath, listenerMetadata
  bool below_init = false;
  ServicesPlan services;  // instead of args
  unsigned preserve_fds = 0;
  std::vector<std::string> warnings;  // what was asked for and is not given, for the log

  // Without no_new_privs a filter needs CAP_SYS_ADMIN, which is gone later; with a listener the runtime has to be told. Else it
  // is the last thing before execve and need not permit any call of ours.
  bool filters_early() const noexcept { return filter && (!no_new_privileges || filter->notify); }
};

enum class ProcessOf : std::uint8_t { Create, Exec };

struct ProcessContext {
  ProcessOf command = ProcessOf::Create;  // execCPUAffinity is for exec alone
  bool own_cpuset = false;                // its cgroup may allow other CPUs than the runtime's
  bool own_user_namespace = false;        // of the container: there the runtime has every capability
  bool setgroups_denied = false;
  bool keep_groups = false;  // annotation run.oci.keep_original_groups
  bool below_init = false;
  unsigned preserve_fds = 0;
  unsigned supported_seccomp_flags = 0;
};

// The annotation run.oci.keep_original_groups, crun's: podman sets it for `--group-add keep-groups`.
bool keeps_original_groups(const spec::Spec& spec);

// linux_part: seccomp, personality and memory policy come from there; null where the configuration has no linux object.
ProcessPlan plan_process(const spec::Process& process, const spec::Linux* linux_part, const host::HostFacts& facts,
                         const ProcessContext& context);

}  // namespace caisson::plan
