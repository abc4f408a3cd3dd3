#include "process/terminal_relay.hpp"

#include <signal.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "process/raw_terminal.hpp"
#include "sys/file.hpp"
#include "sys/signal_queue.hpp"
#include "sys/terminal.hpp"

namespace caisson::process {
namespace {

using sys::signal_bit;

// Delivered as ever: what the caller did wrong itself, what cannot be held, what stops it for using a terminal in the
// background, and the end of a child, which its pidfd tells.
constexpr std::uint64_t kNotHeld = signal_bit(SIGILL) | signal_bit(SIGTRAP) | signal_bit(SIGABRT) | signal_bit(SIGBUS) |
                                   signal_bit(SIGFPE) | signal_bit(SIGSEGV) | signal_bit(SIGSYS) | signal_bit(SIGKILL) |
                                   signal_bit(SIGSTOP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU) | signal_bit(SIGCHLD);
constexpr std::uint64_t kHeld = ~kNotHeld;
// Held, so that they do no harm, but meant for the caller alone.
constexpr std::uint64_t kNotForwarded = signal_bit(SIGPIPE) | signal_bit(SIGURG);
// What a terminal keeps for its reader is below 64 KiB; other processes of the container may write on without end.
constexpr std::size_t kMostDrained = std::size_t{256} << 10;

// Bytes on their way in one direction. Read only when empty, so that a slow receiver slows down the sender.
class Way {
 public:
  bool empty() const noexcept { return begin_ == end_; }
  // 0: the end. EAGAIN, EIO: as read(2) says.
  sys::SysResult<std::size_t> fill(sys::BorrowedFd from) {
    const auto got = sys::read_some(from, room(), kRoom);
    begin_ = 0;
    end_ = got.ok() ? got.value() : 0;
    return got;
  }
  void put(std::string_view bytes) {
    begin_ = 0;
    end_ = bytes.copy(room(), kRoom);
  }
  sys::SysStatus flush_some(sys::BorrowedFd to) noexcept {
    const auto written = sys::write_some(to, bytes_.get() + begin_, end_ - begin_);
    if (!written.ok()) return sys::SysStatus::failed(written.err());
    begin_ += written.value();
    return sys::Unit{};
  }
  void drop() noexcept { begin_ = end_; }
  char last() const noexcept { return end_ == 0 ? '\n' : bytes_[end_ - 1]; }

 private:
  static constexpr std::size_t kRoom = 4096;  // PIPE_BUF: a pipe that polls writable takes it without blocking

  // Made when it is used: without a terminal nothing is on its way, and two pages more are two page faults.
  char* room() {
    if (bytes_ == nullptr) bytes_ = std::make_unique_for_overwrite<char[]>(kRoom);
    return bytes_.get();
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

class Foreground {
 public:
  Foreground(const sys::Pidfd& process, const HeldSignals& signals, const ForegroundEnds& ends)
      : process_(process), signals_(signals), ends_(ends) {}

  sys::ExitStatus run() {
    if (ends_.master) {
      raw_.emplace(ends_.input);
      sys::set_nonblocking(*ends_.master, true).or_throw("make the container's terminal non-blocking");
      keep_other_end_open();
      copy_window_size();
    }
    while (!ended_) turn();
    if (ends_.master) drain();
    return sys::wait_for(process_).or_throw("wait for the container's process");
  }

 private:
  enum Place : std::size_t { kSignals, kProcess, kMaster, kInput, kOutput, kPlaces };

  // One sleep, and whatever was ready after it.
  void turn() {
    std::array<pollfd, kPlaces> entries{};
    for (pollfd& entry : entries) entry.fd = -1;
    entries[kSignals] = {signals_.queue().get(), POLLIN, 0};
    entries[kProcess] = {process_.borrow().get(), POLLIN, 0};
    if (ends_.master) {
      const bool read = master_open_ && to_caller_.empty();
      const bool write = master_open_ && !to_container_.empty();
      if (read || write)
        entries[kMaster] = {ends_.master->get(), static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)), 0};
      if (input_open_ && to_container_.empty()) entries[kInput] = {ends_.input.get(), POLLIN, 0};
      if (!to_caller_.empty()) entries[kOutput] = {ends_.output.get(), POLLOUT, 0};
    }
    sys::wait_for_any(entries).or_throw("wait for the container's process or terminal");
    const auto ready = [&](Place place) { return entries[place].revents != 0; };
    if (ready(kSignals)) take_signals();
    if (ready(kOutput)) write_to_caller();
    if (ready(kInput)) read_from_caller();
    if (ready(kMaster)) use_master();
    ended_ = ready(kProcess);
  }

  void use_master() {
    if (!to_container_.empty()) write_to_container();
    if (to_caller_.empty()) read_from_container();
  }

  void read_from_container() {
    const auto got = to_caller_.fill(*ends_.master);
    if (got.ok() && got.value() != 0) return;
    if (got.err() == EAGAIN) return;
    // EIO: nobody has the other end open, after a hang-up by its session.
    if (got.ok() || got.err() != EIO || !keep_other_end_open()) master_open_ = false;
  }

  void write_to_container() {
    const auto written = to_container_.flush_some(*ends_.master);
    if (!written.ok() && written.err() != EAGAIN) to_container_.drop();
  }

  void read_from_caller() {
    const char before = to_container_.last();
    const auto got = to_container_.fill(ends_.input);
    if (got.err() == EAGAIN) return;
    if (got.ok() && got.value() != 0) return;
    input_open_ = false;
    // The payload reads a terminal: only its end-of-input character tells it. Once ends a begun line, once more the input.
    const auto end = sys::end_of_input(*ends_.master);
    if (!end.ok()) return;
    const std::array<char, 2> twice{static_cast<char>(end.value()), static_cast<char>(end.value())};
    to_container_.put({twice.data(), before == '\n' ? 1U : 2U});
  }

  void write_to_caller() {
    const auto written = to_caller_.flush_some(ends_.output);
    // Nobody reads any more: the payload must not block for that. A caller that is gone shows as SIGHUP besides.
    if (!written.ok() && written.err() != EAGAIN) output_gone_ = true;
    if (output_gone_) to_caller_.drop();
  }

  // Everything the payload wrote is in the kernel's queue by now; the first EAGAIN is its end.
  void drain() {
    for (std::size_t drained = 0; drained < kMostDrained;) {
      while (!to_caller_.empty()) {
        std::array<pollfd, 2> entries{pollfd{ends_.output.get(), POLLOUT, 0}, pollfd{signals_.queue().get(), POLLIN, 0}};
        sys::wait_for_any(entries).or_throw("wait for the caller's terminal");
        if (entries[1].revents != 0 && asked_to_end()) return;
        if (entries[0].revents != 0) write_to_caller();
      }
      if (!master_open_) return;
      const auto got = to_caller_.fill(*ends_.master);
      if (!got.ok() || got.value() == 0) return;
      drained += got.value();
    }
  }

  // The payload has ended; what is left of the signals is meant for this process.
  bool asked_to_end() {
    constexpr std::uint64_t kEnding = signal_bit(SIGTERM) | signal_bit(SIGINT) | signal_bit(SIGHUP) | signal_bit(SIGQUIT);
    while (const auto signal = sys::next_signal(signals_.queue()).or_throw("read the next signal"))
      if ((kEnding & signal_bit(*signal)) != 0) return true;
    return false;
  }

  // With one more opener a terminal that nobody uses for a while does not hang up, and later openers are heard.
  bool keep_other_end_open() noexcept {
    auto peer = sys::pty_peer(*ends_.master);
    if (!peer.ok()) return false;
    other_end_ = std::move(peer).value();
    return true;
  }

  void take_signals() {
    for (;;) {
      const auto signal = sys::next_signal(signals_.queue()).or_throw("read the next signal");
      if (!signal) return;
      take(*signal);
    }
  }

  void take(int signal) {
    if ((kNotForwarded & signal_bit(signal)) != 0) return;
    if (signal == SIGTSTP) return stop();
    if (signal == SIGCONT) resume();
    if (signal == SIGWINCH && ends_.master) return copy_window_size();  // the kernel tells the payload
    forward(signal);
  }

  void forward(int signal) {
    const auto sent = sys::send_signal(process_, signal);
    if (!sent.ok() && sent.err() != ESRCH)
      throw Error(ErrorKind::Kernel, "forward a signal to the container's process", sent.err());
  }

  // Job control of the caller's shell: the payload stops first, then this process; SIGCONT undoes both. Not SIGSTOP: the kernel
  // drops SIGTSTP where no shell could ever continue the caller.
  void stop() {
    forward(SIGTSTP);
    if (raw_) raw_->leave();
    sys::send_signal_to_pid(sys::process_id(), SIGTSTP).or_throw("stop together with the container's process");
    sys::set_signal_mask((signals_.original_mask() | kHeld) & ~signal_bit(SIGTSTP)).or_throw("let SIGTSTP through");
    sys::block_signals(signal_bit(SIGTSTP), nullptr).or_throw("hold SIGTSTP again");
    resume();
  }

  void resume() {
    if (!ends_.master) return;
    raw_->enter();
    copy_window_size();
  }

  void copy_window_size() {
    for (const sys::BorrowedFd terminal : {ends_.input, ends_.output}) {
      const auto size = sys::window_size(terminal);
      if (!size.ok()) continue;
      const auto set = sys::set_window_size(*ends_.master, size.value());
      if (!set.ok() && set.err() != EIO) throw Error(ErrorKind::Kernel, "set the size of the container's terminal", set.err());
      return;
    }
  }

  const sys::Pidfd& process_;
  const HeldSignals& signals_;
  const ForegroundEnds ends_;
  std::optional<RawTerminal> raw_;
  sys::UniqueFd other_end_;
  Way to_container_, to_caller_;
  bool ended_ = false, master_open_ = true, input_open_ = true, output_gone_ = false;
};

}  // namespace

HeldSignals::HeldSignals() {
  queue_ = sys::open_signal_queue(kHeld).or_throw("open a queue of signals");
  sys::block_signals(kHeld, &original_).or_throw("hold signals");
}

HeldSignals::~HeldSignals() {
  // What came too late for the container's process is dropped, above all the SIGPIPE of a write of our own: none of it was
  // meant to end the caller, who has a status to return.
  for (auto left = sys::next_signal(queue()); left.ok() && left.value(); left = sys::next_signal(queue())) {
  }
  // Cannot fail with a valid mask (man 2 sigprocmask).
  static_cast<void>(sys::set_signal_mask(original_));
}

sys::ExitStatus run_in_foreground(const sys::Pidfd& process, const HeldSignals& signals, const ForegroundEnds& ends) {
  return Foreground(process, signals, ends).run();
}

}  // namespace caisson::process
