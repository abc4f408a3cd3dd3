#include "launch/trampoline/supervisor.hpp"

#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/signalfd.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "launch/monitor/log_line.hpp"
#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/last_step.hpp"
#include "launch/trampoline/restart_delay.hpp"
#include "launch/trampoline/service_start.hpp"
#include "launch/trampoline/supervisor_output.hpp"

namespace caisson::launch {
namespace {

constexpr int kNotExecutable = 126, kNotFound = 127, kSignalled = 128;
constexpr int kRealtime = 0, kMonotonic = 1;
constexpr uint32_t kMostRounds = 10'000;
constexpr int kStopAll = 37;  // RTMIN+3, which systemd takes for it

constexpr uint64_t bit(int signal) { return uint64_t{1} << (signal - 1); }
// What this program did wrong itself must stay deadly.
constexpr uint64_t kTaken =
    ~(bit(SIGILL) | bit(SIGTRAP) | bit(SIGABRT) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGSEGV) | bit(SIGSYS));

int64_t now_ms() {
  __kernel_timespec now{};
  call(__NR_clock_gettime, kMonotonic, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

// A number that is put into a sentence.
struct Digits {
  char text[24];
  explicit Digits(int64_t number) { *put_number(text, static_cast<uint64_t>(number)) = 0; }
};

const char* words_of(int errno_value) {
  if (errno_value == ENOENT) return "no such file or directory";
  if (errno_value == EACCES) return "permission denied";
  if (errno_value == EPERM) return "not permitted";
  if (errno_value == EAGAIN) return "there are too many processes";
  if (errno_value == ENOEXEC) return "it is no program for this machine";
  return "";
}

class Supervisor {
 public:
  Supervisor(const SupervisorOrders& orders, Supervised* all)
      : orders_(orders), all_(all), count_(orders.config.service_count), output_(all, count_) {}

  int run() {
    call(__NR_rt_sigprocmask, SIG_BLOCK, &kTaken, &original_, sizeof original_);
    set_disposition(SIGCHLD, kSignalDefault);
    if (call(__NR_getpid) != 1) call(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    call(__NR_prctl, PR_SET_NAME, "caisson-init", 0, 0, 0);
    signals_ = call(__NR_signalfd4, -1, &kTaken, sizeof kTaken, O_CLOEXEC | O_NONBLOCK);
    if (signals_ < 0) return give_up(signals_, "watch for signals", "");
    if (const int failed = prepare(); failed != 0) return failed;
    if (const int failed = start_all(); failed != 0) return failed;
    call(__NR_close, orders_.report);
    call(__NR_chdir, "/");
    while (!done()) {
      wait();
      take_signals();
      act_in_time();
      output_.move();
    }
    print_rest();
    return status_;
  }

 private:
  // Whoever escaped from its service ends now, as it would when this process does, and may not write for ever.
  void print_rest() {
    if (call(__NR_getpid) == 1) call(__NR_kill, -1, SIGKILL);
    output_.move();
    for (uint32_t left = kMostRounds; left > 0 && !output_.drained() && !hurried_; --left) {
      wait();
      take_signals();
      output_.move();
    }
  }

  int give_up(long result, const char* doing, const char* what) const {
    send_failure(orders_.report, kErrorKindKernel, static_cast<int>(-result), doing, what, "start the services", nullptr);
    return kSetupFailed;
  }

  const char* text_at(Text text) const { return reinterpret_cast<const char*>(&orders_.config) + text.at; }
  const TrampolineService& service(uint32_t i) const {
    return reinterpret_cast<const TrampolineService*>(text_at({orders_.config.services_at, 0}))[i];
  }
  const char* name(const Supervised& one) const { return text_at(one.orders->name); }

  int prepare() {
    for (uint32_t i = 0; i < count_; ++i) {
      Supervised& one = all_[i];
      one.orders = &service(i);
      one.row = &orders_.page->rows[i];
      put_text(one.row->name, name(one));
      one.prefix_size = static_cast<uint32_t>(put_text(put_text(one.prefix, name(one)), " | ") - one.prefix);
      for (int stream = 0; stream < 2; ++stream) {
        int ends[2];
        if (const long made = call(__NR_pipe2, ends, O_CLOEXEC); made < 0)
          return give_up(made, "make a pipe for service ", name(one));
        call(__NR_fcntl, ends[0], F_SETFL, O_NONBLOCK);
        one.read_ends[stream] = ends[0];
        one.write_ends[stream] = ends[1];
      }
    }
    orders_.page->count = count_;
    orders_.page->magic = kServicesMagic;
    return 0;
  }

  // They stand in their order.
  int start_all() {
    for (uint32_t i = 0; i < count_; ++i) {
      ServiceFailure failure;
      if (start(all_[i], failure)) continue;
      const bool program = failure.step == static_cast<uint32_t>(ServiceStep::Execute);
      const char* what = program ? text_at(*reinterpret_cast<const Text*>(text_at({all_[i].orders->argv_at, 0}))) : "";
      char frame[kMostPrefix];
      *put_text(put_text(frame, "service "), name(all_[i])) = 0;
      for (uint32_t j = 0; j < i; ++j) call(__NR_kill, -all_[j].pid, SIGKILL);
      send_failure(orders_.report, program ? kErrorKindPayload : kErrorKindKernel, failure.errno_value,
                   kServiceSteps[failure.step], what, frame, nullptr);
      return !program ? kSetupFailed : failure.errno_value == ENOENT ? kNotFound : kNotExecutable;
    }
    return 0;
  }

  void set_state(Supervised& one, ServiceState state) {
    __kernel_timespec now{};
    call(__NR_clock_gettime, kRealtime, &now);
    one.row->since = now.tv_sec;
    one.row->pid = static_cast<int32_t>(one.pid);
    one.row->state = static_cast<uint32_t>(state);
  }

  bool start(Supervised& one, ServiceFailure& failure) {
    one.deadline_ms = 0;
    one.started_ms = now_ms();
    one.stop_by_hand = one.restart_by_hand = false;
    one.pid = start_service({.config = orders_.config,
                             .service = *one.orders,
                             .envp = orders_.envp,
                             .outputs = {one.write_ends[0], one.write_ends[1]},
                             .signals = original_},
                            failure);
    ++one.row->starts;
    if (one.pid == 0) return false;
    set_state(one, ServiceState::Running);
    return true;
  }

  void start_again(Supervised& one) {
    ServiceFailure failure;
    if (start(one, failure)) return;
    const Digits number(failure.errno_value);
    const char* known = words_of(failure.errno_value);
    const char* const words[] = {name(one),
                                 ": cannot ",
                                 kServiceSteps[failure.step],
                                 ": ",
                                 *known != 0 ? known : "errno ",
                                 *known != 0 ? "" : number.text};
    output_.say(words, 6);
    ended(one, failure.step != static_cast<uint32_t>(ServiceStep::Execute) ? kSetupFailed
               : failure.errno_value == ENOENT                             ? kNotFound
                                                                           : kNotExecutable);
  }

  bool done() const {
    bool any_alive = false, all_ended = true;
    for (uint32_t i = 0; i < count_; ++i) {
      any_alive = any_alive || all_[i].alive();
      all_ended = all_ended && all_[i].state() == ServiceState::Ended;
    }
    return !any_alive && (stopping_ || all_ended);
  }

  void wait() {
    pollfd polled[kMostPolled];
    polled[0] = {static_cast<int>(signals_), POLLIN, 0};
    const uint32_t used = output_.poll_for(polled, 1);
    int64_t next = 0;
    for (uint32_t i = 0; i < count_; ++i)
      if (all_[i].deadline_ms > 0 && (next == 0 || all_[i].deadline_ms < next)) next = all_[i].deadline_ms;
    const int64_t left = next > now_ms() ? next - now_ms() : 0;
    const __kernel_timespec timeout{left / 1000, left % 1000 * 1'000'000};
    call(__NR_ppoll, polled, used, next == 0 ? nullptr : &timeout, 0, 8);
  }

  void take_signals() {
    signalfd_siginfo info;
    while (call(__NR_read, signals_, &info, sizeof info) == sizeof info) {
      const auto number = static_cast<int>(info.ssi_signo);
      if (number == SIGTERM || number == SIGINT || number == SIGQUIT || number == kStopAll)
        stop_all();
      else if (number == kServiceOrderSignal && info.ssi_code == SI_QUEUE)
        take_order(static_cast<uint32_t>(info.ssi_int));
    }
    reap();
  }

  // What a service leaves in its group goes with it; it is killed before the pid can mean another group.
  void reap() {
    for (;;) {
      siginfo_t info{};
      constexpr int kAll = 0;  // P_ALL
      if (call(__NR_waitid, kAll, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL, 0) < 0 || info.si_pid == 0) return;
      const long pid = info.si_pid;
      Supervised* const one = find(pid);
      if (one != nullptr) call(__NR_kill, -pid, SIGKILL);
      call(__NR_wait4, pid, 0, WNOHANG | __WALL, 0);
      if (one != nullptr) ended(*one, info.si_code == CLD_EXITED ? info.si_status : kSignalled + info.si_status);
    }
  }
  Supervised* find(long pid) const {
    for (uint32_t i = 0; i < count_; ++i)
      if (all_[i].pid == pid) return &all_[i];
    return nullptr;
  }

  void ended(Supervised& one, int status) {
    one.pid = 0;
    one.deadline_ms = 0;
    one.row->status = status;
    one.flush[0] = one.flush[1] = true;
    if (!stopping_ && one.restart_by_hand) return start_again(one);
    if (!stopping_ && one.stop_by_hand) return set_state(one, ServiceState::Stopped);
    if (!stopping_ &&
        wants_restart(static_cast<RestartWhen>(one.orders->restart), one.orders->most_restarts, status, one.row->restarts))
      return restart_later(one);
    set_state(one, ServiceState::Ended);
    if (stopping_) {
      if (is_last_word(one)) status_ = status;
      return stop_next();
    }
    tell_end(one, "");
    if (orders_.config.ends_with == kEndsWithAll) {
      if (status_ == 0) status_ = status;
    } else if (orders_.config.ends_with == kEndsWithFirst || is_last_word(one)) {
      status_ = status;
      stop_all();
    }
  }
  // It is the service whose status the container has.
  bool is_last_word(const Supervised& one) const { return static_cast<uint32_t>(&one - all_) == orders_.config.ends_with; }

  void restart_later(Supervised& one) {
    one.delay_ms = restart_delay_ms(one.delay_ms, now_ms() - one.started_ms);
    one.deadline_ms = now_ms() + one.delay_ms;
    ++one.row->restarts;
    set_state(one, ServiceState::Restarting);
    const Digits delay(one.delay_ms);
    char behind[64];
    *put_text(put_text(put_text(behind, ", starts again in "), delay.text), " ms") = 0;
    tell_end(one, behind);
  }

  void tell_end(const Supervised& one, const char* behind) {
    if (one.row->status == 0 && *behind == 0) return;
    const Digits status(one.row->status);
    const char* const words[] = {name(one), " ended with status ", status.text, behind};
    output_.say(words, 4);
  }

  void stop_all() {
    if (stopping_) {
      hurried_ = true;
      for (uint32_t i = 0; i < count_; ++i)
        if (all_[i].alive()) call(__NR_kill, -all_[i].pid, SIGKILL);
      return;
    }
    stopping_ = true;
    orders_.page->stopping = 1;
    for (uint32_t i = 0; i < count_; ++i)
      if (!all_[i].alive()) {
        all_[i].deadline_ms = 0;
        if (all_[i].state() == ServiceState::Restarting) set_state(all_[i], ServiceState::Ended);
      }
    stop_next();
  }

  // Everything that nobody alive comes after.
  void stop_next() {
    for (uint32_t i = 0; i < count_; ++i)
      if (all_[i].alive() && all_[i].state() != ServiceState::Stopping && !is_needed(i)) stop(all_[i]);
  }
  bool is_needed(uint32_t wanted) const {
    for (uint32_t i = 0; i < count_; ++i) {
      const auto* after = reinterpret_cast<const uint32_t*>(text_at({all_[i].orders->after_at, 0}));
      for (uint32_t j = 0; j < all_[i].orders->after_count; ++j)
        if (after[j] == wanted && all_[i].alive()) return true;
    }
    return false;
  }

  void stop(Supervised& one) {
    set_state(one, ServiceState::Stopping);
    one.deadline_ms = now_ms() + one.orders->stop_timeout_ms;
    call(__NR_kill, one.pid, one.orders->stop_signal);
  }

  void take_order(uint32_t value) {
    const uint32_t place = value & 0xffU;
    if (stopping_ || place >= count_) return;
    Supervised& one = all_[place];
    switch (static_cast<ServiceOrder>(value >> 8U)) {
      case ServiceOrder::Start:
        if (!one.alive()) start_by_hand(one);
        return;
      case ServiceOrder::Restart:
        if (!one.alive()) return start_by_hand(one);
        one.restart_by_hand = true;
        one.stop_by_hand = false;
        one.row->restarts = one.delay_ms = 0;
        return stop(one);
      case ServiceOrder::Stop:
        if (!one.alive()) {
          one.deadline_ms = 0;
          return set_state(one, ServiceState::Stopped);
        }
        one.stop_by_hand = true;
        one.restart_by_hand = false;
        return stop(one);
    }
  }
  void start_by_hand(Supervised& one) {
    one.row->restarts = one.delay_ms = 0;
    start_again(one);
  }

  void act_in_time() {
    const int64_t now = now_ms();
    for (uint32_t i = 0; i < count_; ++i) {
      Supervised& one = all_[i];
      if (one.deadline_ms == 0 || one.deadline_ms > now) continue;
      one.deadline_ms = 0;
      if (one.alive())
        call(__NR_kill, -one.pid, SIGKILL);
      else
        start_again(one);
    }
  }

  const SupervisorOrders& orders_;
  Supervised* all_;
  uint32_t count_;
  SupervisorOutput output_;
  uint64_t original_ = 0;
  long signals_ = -1;
  int status_ = 0;
  bool stopping_ = false, hurried_ = false;
};

}  // namespace

int supervise(const SupervisorOrders& orders) noexcept {
  const uint32_t count = orders.config.service_count;
  const size_t size = count * (sizeof(Supervised) + 2 * sizeof(LineBuffer));
  const long memory = call(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0) {
    send_failure(orders.report, kErrorKindKernel, static_cast<int>(-memory), "make room for the services", "", nullptr,
                 nullptr);
    return kSetupFailed;
  }
  auto* const all = reinterpret_cast<Supervised*>(memory);
  auto* const lines = reinterpret_cast<LineBuffer*>(all + count);
  for (uint32_t i = 0; i < count; ++i) {
    all[i].lines[0] = lines + 2 * i;
    all[i].lines[1] = lines + 2 * i + 1;
  }
  return Supervisor(orders, all).run();
}

}  // namespace caisson::launch
