#include "launch/unshare.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include <optional>

#include "launch/stay_behind.hpp"
#include "launch/unshare_hints.hpp"
#include "launch/unshare_steps.hpp"
#include "process/signals.hpp"
#include "sys/process.hpp"
#include "sys/shared_memory_clone.hpp"
#include "sys/signal_queue.hpp"

namespace caisson::launch {
namespace {

using ns::Type;

// Standing outside with the caller's privilege: a mount namespace cannot be bound from inside itself, nor what a new user
// namespace has no rights over.
bool binds_from_outside(const plan::UnsharePlan& plan) {
  return !plan.files.empty() && (plan.creates(Type::Mount) || plan.creates(Type::User));
}

void become_owner(const plan::UnsharePlan& plan) {
  if (!plan.owner) return;
  sys::set_groups({}).or_throw("setgroups failed");
  sys::set_group(plan.owner->gid).or_throw("setgid() failed");
  sys::set_user(plan.owner->uid).or_throw("setuid() failed");
}

void make_namespaces(const UnshareRequest& request) {
  const auto made = sys::unshare(request.plan.created);
  if (made.ok()) return;
  Error error(ErrorKind::Kernel, "unshare failed", made.err());
  if (request.teller.explains()) error.with_hint(unshare_hint(request.plan, made.err()));
  throw error;
}

void set_clocks(const plan::UnsharePlan& plan) {
  std::string lines;
  if (plan.boottime) lines += text::join(CLOCK_BOOTTIME, ' ', *plan.boottime, " 0\n");
  if (plan.monotonic) lines += text::join(CLOCK_MONOTONIC, ' ', *plan.monotonic, " 0\n");
  if (lines.empty()) return;
  const auto file =
      sys::open_at(sys::kCwd, "/proc/self/timens_offsets", O_WRONLY).or_throw("failed to open /proc/self/timens_offsets");
  const auto written = sys::write_once(file.borrow(), lines);
  if (written.ok()) return;
  Error error(ErrorKind::Kernel, "failed to write to /proc/self/timens_offsets", written.err());
  if (written.err() == ERANGE)
    error.with_hint("with that offset the clock would be negative, or later than the year 2262 or so");
  throw error;
}

// The parent of the program, from before its birth to after its end.
class Parent {
 public:
  explicit Parent(const UnshareRequest& request) : request_(request), plan_(request.plan) {}
  int run(std::optional<StayBehind>& binder);

 private:
  void make_child();
  static void child_main(void* parent) noexcept;
  void prepare_child();
  int bind_files(std::optional<StayBehind>& binder);
  sys::ExitStatus wait();

  const UnshareRequest& request_;
  const plan::UnsharePlan& plan_;
  std::uint64_t mask_ = 0;  // of the caller
  sys::Pidfd self_;         // for the child, to see that we are still there
  sys::PipeEnds files_are_bound_;
  sys::Cloned child_;
};

// A change of user would be seen on the parent too, whose memory says who may trace it; a new time namespace is not entered by
// a child that shares memory.
bool may_share(const plan::UnsharePlan& plan) {
  return sys::can_share_memory() && plan.files.empty() && !plan.uid && !plan.gid && !plan.creates(Type::Time);
}

void Parent::prepare_child() {
  // Whoever asks for the signals gets them, even where the caller ignored them.
  if (plan_.forward_signals)
    for (const int signal : {SIGINT, SIGTERM}) sys::default_action(signal).or_throw("signal handler reset failed");
  sys::set_signal_mask(mask_).or_throw("sigprocmask restore failed");
  if (plan_.death_signal != 0) {
    sys::process_control(PR_SET_PDEATHSIG, static_cast<unsigned long>(plan_.death_signal)).or_throw("prctl failed");
    // The parent may have died before the kernel knew what to do then.
    if (sys::has_ended(self_)) sys::exit_now(1);
  }
  if (plan_.files.empty()) return;
  files_are_bound_.write.reset();
  char word = 0;
  const auto read = sys::read_some(files_are_bound_.read.borrow(), &word, 1).or_throw("wait for the namespace files");
  if (read == 0) sys::exit_now(1);
}

void Parent::child_main(void* parent) noexcept {
  const UnshareRequest& request = static_cast<Parent*>(parent)->request_;
  try {
    static_cast<Parent*>(parent)->prepare_child();
    become_program(request);
  } catch (const Error& error) {
    sys::exit_now(request.teller.tell(error));
  }
}

void Parent::make_child() {
  std::uint64_t held = sys::signal_bit(SIGINT) | sys::signal_bit(SIGTERM);
  sys::block_signals(held, &mask_).or_throw("sigprocmask block failed");
  if (plan_.death_signal != 0) self_ = sys::open_pidfd(sys::process_id()).or_throw("pidfd_open failed");
  if (!plan_.files.empty()) files_are_bound_ = sys::make_pipe().or_throw("pipe failed");
  auto cloned = may_share(plan_) ? sys::clone_sharing_memory(0, std::nullopt, child_main, this) : sys::clone_with_pidfd();
  if (!cloned.ok()) {
    Error error(ErrorKind::Kernel, "fork failed", cloned.err());
    if (request_.teller.explains()) error.with_hint(fork_hint(cloned.err()));
    throw error;
  }
  child_ = std::move(cloned).value();
  if (child_.pid == 0) child_main(this);
}

// The program starts when its files are there. Where that fails it never does.
int Parent::bind_files(std::optional<StayBehind>& binder) {
  if (plan_.files.empty()) return 0;
  const int status = binder ? binder->finish() : bind_namespace_files(request_, sys::process_id());
  if (status != 0)
    sys::end_child(child_.pid, child_.process);
  else
    sys::write_full(files_are_bound_.write.borrow(), "b").or_throw("start the program");
  return status;
}

sys::ExitStatus Parent::wait() {
  if (!plan_.forward_signals) return sys::wait_for(child_.process).or_throw("waitpid failed");
  const sys::UniqueFd queue =
      sys::open_signal_queue(sys::signal_bit(SIGINT) | sys::signal_bit(SIGTERM)).or_throw("signalfd failed");
  std::array<pollfd, 2> entries{pollfd{queue.get(), POLLIN, 0}, pollfd{child_.process.borrow().get(), POLLIN, 0}};
  while (!sys::has_ended(child_.process)) {
    sys::wait_for_any(entries).or_throw("poll failed");
    // ESRCH: it ended meanwhile.
    while (const auto signal = sys::next_signal(queue.borrow()).or_throw("read a signal"))
      static_cast<void>(sys::send_signal(child_.process, *signal));
  }
  return sys::wait_for(child_.process).or_throw("waitpid failed");
}

int Parent::run(std::optional<StayBehind>& binder) {
  make_child();
  if (const int status = bind_files(binder); status != 0) return status;
  const sys::ExitStatus ended = wait();
  if (!ended.signalled) return ended.value;
  process::die_of(ended.value).or_throw("kill failed");
  // PID 1 of a pid namespace is not killed by its own signals.
  throw Error(ErrorKind::Kernel, "child exit failed");
}

}  // namespace

int run_unshare(const UnshareRequest& request) {
  const plan::UnsharePlan& plan = request.plan;
  const pid_t self = sys::process_id();
  // An inherited SIG_IGN would reap the child before we learn its status, and is not the program's business.
  sys::default_action(SIGCHLD).or_throw("reset SIGCHLD");
  std::optional<StayBehind> binder, mapper;
  if (binds_from_outside(plan)) binder.emplace([&]() noexcept { return bind_namespace_files(request, self); });
  if (plan.maps_from_outside()) mapper.emplace([&]() noexcept { return write_maps_from_outside(request, self); });
  become_owner(plan);
  make_namespaces(request);
  if (mapper)
    if (const int status = mapper->finish(); status != 0) return status;
  set_clocks(plan);
  if (plan.fork) return Parent(request).run(binder);
  if (!plan.files.empty()) {
    const int status = binder ? binder->finish() : bind_namespace_files(request, self);
    if (status != 0) return status;
  }
  become_program(request);
}

}  // namespace caisson::launch
