#include <signal.h>

#include <algorithm>

#include "launch/exec_launch.hpp"
#include "lifecycle/bundle.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "lifecycle/new_container.hpp"
#include "lifecycle/pid_file.hpp"
#include "lifecycle/seccomp_agent.hpp"
#include "ns/kinds.hpp"
#include "process/console.hpp"
#include "spec/read_config.hpp"
#include "spec/validate.hpp"
#include "sys/file.hpp"
#include "sys/seccomp.hpp"
#include "sys/terminal.hpp"

namespace caisson::lifecycle {
namespace {

// What the launch of a further process needs to hear from us.
class ExecObserver final : public launch::LaunchObserver {
 public:
  ExecObserver(const ExecRequest& request, const plan::ProcessPlan& plan, spec::State state)
      : request_(request), plan_(plan), state_(std::move(state)) {
    if (!request.console_socket.empty()) console_socket_ = process::connect_console_socket(request.console_socket);
  }

  void process_made(pid_t pid) override { pid_ = pid; }
  void runtime_hooks(sys::UniqueFd) override {}
  void console(sys::UniqueFd master, unsigned number) override {
    if (!console_socket_.valid()) {
      master_ = std::move(master);
      return;
    }
    const process::Console console{.master = std::move(master), .slave = {}, .number = number};
    process::send_console(console_socket_.borrow(), request_.console_socket, console);
  }
  void seccomp_listener(sys::UniqueFd listener) override {
    send_to_seccomp_agent({plan_.seccomp_agent, plan_.seccomp_metadata, state_, pid_}, listener.borrow());
  }
  void note(std::string_view) override {}
  void step(std::string_view, std::uint64_t, std::uint64_t) override {}

  process::ForegroundEnds ends() const {
    process::ForegroundEnds ends;
    if (master_.valid()) ends.master = master_.borrow();
    return ends;
  }

 private:
  const ExecRequest& request_;
  const plan::ProcessPlan& plan_;
  spec::State state_;
  pid_t pid_ = 0;
  sys::UniqueFd console_socket_, master_;
};

void require_running(const Container& container, const ExecRequest& request) {
  switch (container.live.status) {
    case state::Status::Stopped:
      throw Error(ErrorKind::State, "cannot exec in a stopped container");
    case state::Status::Creating:
      throw Error(ErrorKind::State, "cannot exec in a container that is still being created");
    case state::Status::Paused:
      if (!request.ignore_paused)
        throw Error(ErrorKind::State, "cannot exec in a paused container (use --ignore-paused to override)");
      break;
    case state::Status::Created:
    case state::Status::Running:
      break;
  }
}

spec::Process wanted_process(const ExecRequest& request, const spec::Spec& configured) {
  if (!request.of_configured) return request.process;
  if (!configured.process) throw Error(ErrorKind::Spec, "the container's configuration has no process");
  return request.of_configured(spec::Process(*configured.process));
}

void check_terminal(const ExecRequest& request) {
  if (request.process.terminal && request.detach && request.console_socket.empty())
    throw Error(ErrorKind::Usage, "a detached process with a terminal needs --console-socket to hand it over");
  if (!request.console_socket.empty() && (!request.process.terminal || !request.detach))
    throw Error(ErrorKind::Usage, "--console-socket: cannot be used unless the process is detached and has a terminal");
}

std::vector<cgroup::Place> places_for(const Container& container, const ExecRequest& request) {
  std::vector<cgroup::Place> places = places_below(container.cgroup().places(), request.cgroups);
  if (!request.cgroups.empty()) require_existing(places);
  return places;
}

// Whether the container's user namespace forbids setgroups(2) (man 7 user_namespaces).
bool setgroups_denied(pid_t init) {
  const std::string path = text::join("/proc/", init, "/setgroups");
  return sys::read_file(sys::kCwd, path.c_str()).or_throw("read ", path).starts_with("deny");
}

plan::ProcessPlan plan_exec(const ExecRequest& request, const Container& container, const spec::Spec& spec) {
  const bool labels = !request.process.apparmor_profile.empty() || !request.process.selinux_label.empty();
  const host::HostFacts facts =
      host::probe_for_process(labels ? host::Groups{} | host::Group::SecurityModules : host::Groups{});
  const bool user =
      std::ranges::any_of(container.record->namespaces, [](const auto& ns) { return ns.type == spec::NamespaceType::User; });
  const bool filters = spec.linux_ && spec.linux_->seccomp;
  return plan::plan_process(request.process, spec.linux_ ? &*spec.linux_ : nullptr, facts,
                            {.command = plan::ProcessOf::Exec,
                             .own_cpuset = cgroup::have_cpus_of_their_own(container.cgroup().places()),
                             .own_user_namespace = user,
                             .setgroups_denied = user && setgroups_denied(container.record->init.pid),
                             .keep_groups = plan::keeps_original_groups(spec),
                             .preserve_fds = request.preserve_fds,
                             .supported_seccomp_flags = filters ? sys::supported_seccomp_flags() : 0});
}

launch::ExecTarget target_of(const Container& container, const ExecRequest& request) {
  launch::ExecTarget target{.init = *container.live.init, .cgroups = places_for(container, request)};
  for (const state::NamespaceRecord& one : container.record->namespaces) target.namespaces |= ns::kind_of(one.type).flag;
  if (!container.record->caller_keyring) target.keyring = container.id();
  return target;
}

}  // namespace

int exec(const Context& context, const ExecRequest& request) {
  const Container container = open_container(context, request.id);
  require_running(container, request);
  const spec::Spec spec = spec::read_config(container.record->config);
  ExecRequest kept = request;
  kept.process = wanted_process(request, spec);
  spec::validate_process(kept.process);
  check_terminal(kept);
  if (kept.process.terminal && !request.detach) take_callers_window(kept.process);
  kept.preserve_fds = keep_descriptors(request.preserve_fds, kept.process.env);
  plan::ProcessPlan plan = plan_exec(kept, container, spec);
  plan.output_is_no_terminal = plan.terminal && !request.detach && !sys::is_terminal(sys::BorrowedFd(1));
  for (const std::string& warning : plan.warnings) context.log->warning(warning);
  const launch::ExecTarget target = target_of(container, request);
  ExecObserver observer(request, plan, state_of(container));
  std::optional<process::HeldSignals> signals;
  if (!request.detach) signals.emplace();
  launch::ExecLaunch launch(plan, target);
  launch.begin();
  observer.process_made(launch.pid());
  context.log->debug(text::join("exec in container ", text::quoted(request.id), ": process ", launch.pid(), " is made"));
  const bool must_finish = request.detach || plan.terminal || !request.pid_file.empty() || !request.pidfd_socket.empty() ||
                           (plan.filter && plan.filter->notify);
  if (must_finish) launch.finish(observer);
  if (!request.pidfd_socket.empty()) send_pidfd(request.pidfd_socket, launch.process());
  if (!request.pid_file.empty()) write_pid_file_at(request.pid_file, launch.pid());
  launch.release();
  if (request.detach) return 0;
  const sys::ExitStatus status = process::run_in_foreground(launch.process(), *signals, observer.ends());
  launch.throw_if_failed(status);
  return status.as_shell();
}

}  // namespace caisson::lifecycle
