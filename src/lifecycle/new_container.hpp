// Making a container, for create, run and `caisson run`: from a finished Spec to a process that waits for start or runs its
// payload. Until commit() everything that was made is taken back by the destructor, in reverse: process, cgroups, record.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/guard.hpp"
#include "launch/container_launch.hpp"
#include "lifecycle/container_network.hpp"
#include "lifecycle/context.hpp"
#include "lifecycle/step_log.hpp"
#include "plan/plan.hpp"
#include "process/terminal_relay.hpp"
#include "spec/spec.hpp"
#include "spec/state.hpp"
#include "state/record.hpp"
#include "state/store.hpp"

namespace caisson::lifecycle {

enum class Payload : std::uint8_t { WaitsForStart, StartsAtOnce };
enum class Terminal : std::uint8_t { None, Socket, Foreground };

struct ContainerWish {
  spec::Spec spec;
  std::string config;  // the document as read, kept for exec and delete
  plan::Request request;
  std::string console_socket, pid_file, pidfd_socket;
  Payload payload = Payload::WaitsForStart;
  Terminal terminal = Terminal::None;
  std::vector<sys::UniqueFd> held;      // open for as long as the container lives: locks of what it uses
  ContainerNetwork* network = nullptr;  // outlives the container's making; request.awaits_network goes with it
};

// Host facts as far as the spec needs them.
host::HostFacts facts_for(const spec::Spec& spec);
plan::Plan plan_for(const ContainerWish& wish, const host::HostFacts& facts);

class NewContainer final : public launch::LaunchObserver {
 public:
  NewContainer(const Context& context, ContainerWish wish, StepLog& steps);
  ~NewContainer() override;

  // Clones; afterwards the first process has all that it needs and its record is on disk.
  void begin();
  // Waits until it waits for start, or its payload runs; hands over the console, writes the pid file.
  void finish();
  // Throws when one fails; the destructor then ends the container.
  void run_poststart_hooks();
  // The container outlives this object.
  void commit() noexcept;
  // Foreground: until the first process ends, and then until nothing of the container is left (but the record, when kept).
  int run_in_foreground(const process::HeldSignals& signals, bool keep_record);

  pid_t pid() const noexcept { return launch_->pid(); }
  const sys::Pidfd& process() const noexcept { return launch_->process(); }
  // Terminal::Foreground, after finish(): the other end of the container's terminal, for a keeper that is not in the
  // foreground.
  sys::UniqueFd take_console() noexcept { return std::move(console_master_); }
  // Where everything that it writes goes, when the wish's view keeps that; after finish().
  sys::UniqueFd take_stage() noexcept { return std::move(stage_); }
  // What of the host view could only be shown read-only or not at all; known after finish().
  const std::vector<std::string>& notes() const noexcept { return notes_; }
  // Whether the runtime has to hear from the launch before it may wait for the end of the payload.
  bool must_finish() const noexcept;
  spec::State state(std::string_view status, pid_t pid) const;

  void process_made(pid_t pid) override;
  void runtime_hooks(sys::UniqueFd network) override;
  void stage(sys::UniqueFd stage) override { stage_ = std::move(stage); }
  void console(sys::UniqueFd master, unsigned number) override;
  void seccomp_listener(sys::UniqueFd listener) override;
  void note(std::string_view sentence) override;
  void step(std::string_view name, std::uint64_t begin_ns, std::uint64_t end_ns) override;

 private:
  void make_cgroups();
  bool child_limits_devices() const noexcept;
  void write_intent();
  sys::UniqueFd make_services_page() const;
  void run_poststop_hooks();
  void remove_everything(bool keep_record);

  const Context& context_;
  ContainerWish wish_;
  StepLog& steps_;
  host::HostFacts facts_;
  plan::Plan plan_;
  sys::UniqueFd console_socket_, console_master_, stage_;
  std::optional<state::ContainerFile> file_;
  std::string created_;
  std::vector<std::string> notes_;
  std::optional<cgroup::CgroupGuard> cgroups_;
  std::optional<launch::Launch> launch_;
  bool hooks_began_ = false, committed_ = false;
};

// `run` in the foreground: makes the container, waits for its end, removes it. The status for the caller's exit.
// running: called when the program runs, or may.
int run_wish(const Context& context, ContainerWish wish, StepLog& steps, bool keep_record,
             const std::function<void(NewContainer&)>& running = {});

}  // namespace caisson::lifecycle
