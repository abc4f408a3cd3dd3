#include "lifecycle/new_container.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "cgroup/live.hpp"
#include "launch/trampoline/services_page.hpp"
#include "lifecycle/container.hpp"
#include "lifecycle/pid_file.hpp"
#include "lifecycle/seccomp_agent.hpp"
#include "process/console.hpp"
#include "process/hooks.hpp"
#include "sys/seccomp.hpp"
#include "sys/socket.hpp"
#include "sys/terminal.hpp"

namespace caisson::lifecycle {
namespace {

constexpr mode_t kSocketMode = 0600;

bool has_namespace(const spec::Spec& spec, spec::NamespaceType type) {
  return spec.linux_ &&
         std::ranges::find(spec.linux_->namespaces, type, &spec::Namespace::type) != spec.linux_->namespaces.end();
}

std::vector<state::NamespaceRecord> namespace_records(const spec::Spec& spec) {
  std::vector<state::NamespaceRecord> records;
  if (spec.linux_)
    for (const spec::Namespace& one : spec.linux_->namespaces) records.push_back({.type = one.type, .path = one.path});
  return records;
}

}  // namespace

host::HostFacts facts_for(const spec::Spec& spec) {
  const bool absolute = spec.linux_ && spec.linux_->cgroups_path.starts_with('/');
  host::HostFacts facts = host::probe_host({}, absolute ? cgroup::OwnPaths::Skip : cgroup::OwnPaths::Read);
  host::Groups more;
  if (facts.euid != 0 || has_namespace(spec, spec::NamespaceType::User)) more = more | host::Group::Users;
  if (spec.process && (!spec.process->apparmor_profile.empty() || !spec.process->selinux_label.empty()))
    more = more | host::Group::SecurityModules;
  host::probe_groups(facts, more);
  return facts;
}

plan::Plan plan_for(const ContainerWish& wish, const host::HostFacts& facts) {
  plan::Request request = wish.request;
  if (wish.spec.linux_ && wish.spec.linux_->seccomp) request.supported_seccomp_flags = sys::supported_seccomp_flags();
  return plan::make_plan(wish.spec, facts, request);
}

NewContainer::NewContainer(const Context& context, ContainerWish wish, StepLog& steps)
    : context_(context), wish_(std::move(wish)), steps_(steps) {
  {
    const TimedStep timed(steps_, "look at the machine");
    facts_ = facts_for(wish_.spec);
  }
  const TimedStep timed(steps_, "make the plan");
  plan_ = plan_for(wish_, facts_);
  plan_.process.output_is_no_terminal = wish_.terminal == Terminal::Foreground && !sys::is_terminal(sys::BorrowedFd(1));
  for (const std::string& warning : plan_.process.warnings) context_.log->warning(warning);
}

NewContainer::~NewContainer() {
  if (committed_) return;
  launch_.reset();
  const bool no_cgroup_left = !cgroups_ || cgroups_->roll_back();
  try {
    if (hooks_began_) run_poststop_hooks();
    if (!no_cgroup_left) {
      context_.log->warning(text::join("a cgroup of container ", plan_.id,
                                       " holds processes and could not be removed: `delete` ends them and removes it"));
    } else if (file_) {
      file_->remove();
    }
  } catch (const Error& error) {
    context_.log->warning(text::join("take back container ", plan_.id, ": ", error.message()));
  }
}

spec::State NewContainer::state(std::string_view status, pid_t pid) const {
  return {.oci_version = spec::kSpecVersion,
          .id = plan_.id,
          .status = std::string(status),
          .pid = pid,
          .bundle = plan_.bundle,
          .rootfs = plan_.root.step.rootfs,
          .created = created_,
          .annotations = wish_.spec.annotations,
          .owner = ""};
}

void NewContainer::write_intent() {
  const TimedStep timed(steps_, "record the intent");
  file_ = state::StateRoot::open_or_create(context_.state_root).create(plan_.id);
  cgroup::refuse_occupied(plan_.cgroup);
  file_->write_intent({.id = plan_.id, .bundle = plan_.bundle, .cgroups = records_of(plan_.cgroup.places())});
}

void NewContainer::make_cgroups() {
  const TimedStep timed(steps_, "make the cgroup");
  cgroups_.emplace(cgroup::CgroupGuard::create(plan_.cgroup));
  if (!child_limits_devices()) cgroups_->limit_devices(plan_.cgroup);
}

// Loading the program takes as long as the rest of the cgroup: the first process does it beside us, where it has our rights.
bool NewContainer::child_limits_devices() const noexcept {
  return cgroups_->limits_devices_at_once(plan_.cgroup) && !plan_.namespaces.own(ns::Type::User);
}

void NewContainer::begin() {
  // What may be refused comes before the first thing that is made.
  if (wish_.terminal == Terminal::Socket) console_socket_ = process::connect_console_socket(wish_.console_socket);
  write_intent();
  make_cgroups();
  launch::LaunchOptions options{.state = state("creating", 0), .report_steps = steps_.wanted()};
  if (child_limits_devices()) options.device_limits = &*cgroups_;
  {
    const TimedStep timed(steps_, "open what the first process needs");
    if (wish_.payload == Payload::WaitsForStart)
      options.start_listener =
          sys::listen_at(file_->directory(), file_->start_socket().c_str(), sys::SocketType::SeqPacket, kSocketMode)
              .or_throw("listen for start beside ", file_->path());
    if (!plan_.process.services.empty()) options.services_page = make_services_page();
    launch_.emplace(plan_, std::move(options));
  }
  const TimedStep timed(steps_, "clone the first process and give it what it needs");
  launch_->begin(*cgroups_, *this);
}

sys::UniqueFd NewContainer::make_services_page() const {
  sys::UniqueFd page =
      sys::open_at(file_->directory(), file_->services_page().c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, kSocketMode)
          .or_throw("make the page of the services beside ", file_->path());
  sys::cut_file(page.borrow(), sizeof(launch::ServicesPage)).or_throw("make room for the services");
  return page;
}

bool NewContainer::must_finish() const noexcept {
  return wish_.payload == Payload::WaitsForStart || wish_.terminal != Terminal::None || !wish_.pid_file.empty() ||
         !wish_.pidfd_socket.empty() || (plan_.root.host_view && plan_.root.host_view->keeps_stage) ||
         !plan_.hooks.poststart.empty() || steps_.wanted() || (plan_.process.filter && plan_.process.filter->notify);
}

void NewContainer::finish() {
  launch_->finish(*this);
  if (!wish_.pidfd_socket.empty()) send_pidfd(wish_.pidfd_socket, launch_->process());
  if (!wish_.pid_file.empty()) write_pid_file_at(wish_.pid_file, launch_->pid());
}

void NewContainer::run_poststart_hooks() {
  if (plan_.hooks.poststart.empty()) return;
  const std::string json = spec::write_hook_state(state("running", launch_->pid()));
  process::run_hooks({"poststart", plan_.hooks.poststart, json, plan_.bundle});
}

void NewContainer::run_poststop_hooks() {
  if (plan_.hooks.poststop.empty()) return;
  const std::string json = spec::write_hook_state(state("stopped", 0));
  process::run_hooks_and_warn({"poststop", plan_.hooks.poststop, json, plan_.bundle}, *context_.log);
}

void NewContainer::commit() noexcept {
  launch_->release();
  cgroups_->commit();
  committed_ = true;
}

void NewContainer::process_made(pid_t pid) {
  const TimedStep timed(steps_, "write the record");
  created_ = rfc3339_nano(sys::realtime());
  file_->write_record({.id = plan_.id,
                       .bundle = plan_.bundle,
                       .rootfs = plan_.root.step.rootfs,
                       .oci_version = wish_.spec.oci_version,
                       .created = created_,
                       .init = state::identify(pid, launch_->process(), facts_.boot_id),
                       .owner = facts_.euid,
                       .terminal = plan_.process.terminal,
                       .caller_keyring = plan_.session_keyring.empty(),
                       .annotations = wish_.spec.annotations,
                       .cgroups = records_of(cgroups_->places()),
                       .namespaces = namespace_records(wish_.spec),
                       .poststart = plan_.hooks.poststart,
                       .poststop = plan_.hooks.poststop,
                       .config = std::move(wish_.config)});
}

void NewContainer::runtime_hooks(sys::UniqueFd network) {
  if (plan_.awaits_network) {
    const TimedStep timed(steps_, "connect the network");
    wish_.network->connect(launch_->pid(), network.borrow());
  }
  if (plan_.hooks.prestart.empty() && plan_.hooks.create_runtime.empty()) return;
  const TimedStep timed(steps_, "run prestart and createRuntime hooks");
  hooks_began_ = true;
  const std::string json = spec::write_hook_state(state("creating", launch_->pid()));
  process::run_hooks({"prestart", plan_.hooks.prestart, json, plan_.bundle});
  process::run_hooks({"createRuntime", plan_.hooks.create_runtime, json, plan_.bundle});
}

void NewContainer::console(sys::UniqueFd master, unsigned number) {
  if (wish_.terminal == Terminal::Foreground) {
    console_master_ = std::move(master);
    return;
  }
  const process::Console console{.master = std::move(master), .slave = {}, .number = number};
  process::send_console(console_socket_.borrow(), wish_.console_socket, console);
}

void NewContainer::seccomp_listener(sys::UniqueFd listener) {
  send_to_seccomp_agent({.socket_path = plan_.process.seccomp_agent,
                         .metadata = plan_.process.seccomp_metadata,
                         .state = state("creating", launch_->pid()),
                         .pid = launch_->pid()},
                        listener.borrow());
}

void NewContainer::note(std::string_view sentence) {
  steps_.note(sentence);
  notes_.emplace_back(sentence);
}

void NewContainer::step(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) {
  steps_.add(Lane::FirstProcess, name, begin_ns, end_ns);
}

int NewContainer::run_in_foreground(const process::HeldSignals& signals, bool keep_record) {
  process::ForegroundEnds ends;
  if (console_master_.valid()) ends.master = console_master_.borrow();
  file_->unlock();  // for a delete --force, which ends us by ending the container
  const sys::ExitStatus status = process::run_in_foreground(launch_->process(), signals, ends);
  launch_->release();
  launch_->throw_if_failed(status);
  remove_everything(keep_record);
  return status.as_shell();
}

void NewContainer::remove_everything(bool keep_record) {
  const TimedStep timed(steps_, "remove the container");
  if (!file_->lock_again()) {  // a delete was faster, and did all that follows
    cgroups_->commit();
    committed_ = true;
    return;
  }
  const cgroup::LiveCgroup cgroup(cgroups_->places());
  // With a pid namespace of its own everything ended with its first process.
  if (!plan_.namespaces.creates(ns::Type::Pid)) cgroup.signal_all(SIGKILL);
  cgroup.remove().throw_if_any();
  cgroups_->commit();
  if (keep_record) {
    committed_ = true;
    return;
  }
  run_poststop_hooks();
  file_->remove();
  committed_ = true;
}

}  // namespace caisson::lifecycle
