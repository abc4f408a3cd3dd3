#include "launch/init_steps.hpp"

#include <cstring>

#include "launch/container_steps.hpp"
#include "launch/process_steps.hpp"
#include "sys/process.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

using plan::InitStep;

constexpr mode_t kDefaultUmask = 0022;  // oci.md: of a container's first process

// Without a mount namespace of its own the mount of /dev/console would be the host's.
void attach_first_console(InitContext& context) {
  attach_console(context.process, context.plan.own_mount_namespace() ? ConsoleFor::FirstProcess : ConsoleFor::LaterProcess);
}

void limit_capabilities_early(InitContext& context) {
  if (context.plan.limits_capabilities_early()) limit_capabilities(context.process);
}
void limit_capabilities_after_hooks(InitContext& context) {
  if (!context.plan.limits_capabilities_early()) limit_capabilities(context.process);
}

struct Step {
  InitStep id;
  void (*run)(InitContext&);
};

// The order is the contract; docs/init-order.md gives the reason for each place.
constexpr Step kInitSteps[] = {
    {InitStep::BecomeRoot, become_root},
    {InitStep::JoinNamespaces, join_namespaces},
    {InitStep::CreateNamespaces, create_namespaces},
    {InitStep::LimitDevices, limit_devices},
    {InitStep::SessionKeyring, join_session_keyring},
    {InitStep::SetPropagation, set_propagation},
    {InitStep::AttachRoot, attach_root},
    {InitStep::MountFilesystems, mount_up_to_devices},
    {InitStep::MakeDevices, make_devices},
    {InitStep::ResetSignals, [](InitContext&) { sys::reset_signal_actions(); }},
    {InitStep::LimitCapabilities, limit_capabilities_early},
    {InitStep::MountFilesystems, mount_past_devices},
    {InitStep::WaitForRuntimeHooks, wait_for_runtime_hooks},
    {InitStep::RunContainerHooks, run_container_hooks},
    {InitStep::LimitCapabilities, limit_capabilities_after_hooks},
    {InitStep::EnterRoot, enter_root},
    {InitStep::AttachConsole, attach_first_console},
    {InitStep::SetHostNames, set_host_names},
    {InitStep::SetSysctls, set_sysctls},
    {InitStep::MakePathsReadonly, make_paths_readonly},
    {InitStep::MaskPaths, mask_paths},
    {InitStep::LeaveOldRoot, leave_old_root},
    {InitStep::SealMounts, seal_mounts},
    {InitStep::SetScheduling, [](InitContext& c) { set_scheduling(c.process); }},
    {InitStep::FilterEarly, [](InitContext& c) { filter_while_privileged(c.process); }},
    {InitStep::WaitForRecord, wait_for_record},
    {InitStep::SwitchUser, [](InitContext& c) { switch_user(c.process, kDefaultUmask); }},
    {InitStep::SetCapabilities, [](InitContext& c) { set_final_capabilities(c.process); }},
    {InitStep::ForbidNewPrivileges, [](InitContext& c) { forbid_new_privileges(c.process); }},
    {InitStep::FindExecutable, [](InitContext& c) { find_executable(c.process); }},
    {InitStep::ExecuteTrampoline, [](InitContext& c) { execute_trampoline(c.process); }},
};

// Every step, by its first time.
constexpr bool in_order() {
  std::size_t next = 0;
  for (const Step& step : kInitSteps) {
    if (static_cast<std::size_t>(step.id) > next) return false;
    if (static_cast<std::size_t>(step.id) == next) ++next;
  }
  return next == plan::kInitStepNames.size();
}
static_assert(in_order());

void report(const InitContext& context, InitStep step, std::uint64_t begin) {
  StepRecord record;
  record.step = static_cast<std::uint16_t>(step);
  record.begin_ns = begin;
  record.end_ns = sys::monotonic_ns();
  char bytes[sizeof record - 1];
  std::memcpy(bytes, reinterpret_cast<const char*>(&record) + 1, sizeof bytes);
  context.process.channel.send(Message::Step, std::string_view(bytes, sizeof bytes));
}

}  // namespace

void init_main(InitContext& context) noexcept {
#ifdef CAISSON_FAULT_POINTS
  sys::fault_points::enter_role(sys::fault_points::Role::Init);
#endif
  for (const auto& [id, run] : kInitSteps) {
    *context.opened.progress = static_cast<std::uint32_t>(id);
    const std::uint64_t begin = context.options.report_steps ? sys::monotonic_ns() : 0;
    try {
      run(context);
      if (context.options.report_steps) report(context, id, begin);
    } catch (Error& error) {
      context.process.channel.send_failure(error.within(std::string(plan::name_of(id))));
      sys::exit_now(kSetupFailed);
    }
  }
  sys::exit_now(kSetupFailed);
}

}  // namespace caisson::launch
