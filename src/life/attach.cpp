#include "life/attach.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/monitor/attach.hpp"
#include "process/raw_terminal.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/signal_queue.hpp"
#include "sys/socket.hpp"
#include "sys/terminal.hpp"

namespace caisson::life {
namespace {

using launch::AttachMessage;

constexpr sys::BorrowedFd kInput{0}, kOutput{1}, kError{2};

class Session {
 public:
  Session(const sys::UniqueFd& monitor, const process::HeldSignals& signals, AttachWish wish)
      : monitor_(monitor), signals_(signals), wish_(std::move(wish)) {
    if (!wish_.has_terminal || !wish_.reads_input || !sys::is_terminal(kInput)) return;
    raw_.emplace(kInput);
    send_window();
  }

  // false: detached.
  bool run() {
    while (!ended_ && !wish_.keys.came()) turn();
    return ended_;
  }

 private:
  void turn() {
    const bool sends = !to_container_.empty();
    const auto monitor_events = static_cast<short>(POLLIN | (sends ? POLLOUT : 0));
    std::array<pollfd, 3> entries{pollfd{signals_.queue().get(), POLLIN, 0}, pollfd{monitor_.get(), monitor_events, 0},
                                  pollfd{wish_.reads_input && !sends ? kInput.get() : -1, POLLIN, 0}};
    sys::wait_for_any(entries).or_throw("wait for the container");
    if (entries[0].revents != 0) take_signals();
    if ((entries[1].revents & POLLOUT) != 0) send_input();
    if ((entries[1].revents & ~POLLOUT) != 0) show();
    if (entries[2].revents != 0) read_input();
  }

  void show() {
    std::array<char, 1 + launch::kMostAttachData> message;
    const auto got = sys::receive_into(monitor_.borrow(), message, {});
    if (got.err() == ECONNRESET || (got.ok() && got.value().bytes == 0)) {
      ended_ = true;
      return;
    }
    const std::size_t size = sys::SysResult(got).or_throw("read what the container prints").bytes;
    const bool error = static_cast<AttachMessage>(message[0]) == AttachMessage::Error;
    const auto written = sys::write_full(error ? kError : kOutput, {message.data() + 1, size - 1});
    if (!written.ok() && written.err() != EPIPE) throw Error(ErrorKind::Host, "show what the container prints", written.err());
    if (written.err() == EPIPE) ended_ = true;  // nobody looks any more
  }

  void read_input() {
    std::array<char, launch::kMostAttachData / 2> bytes;
    const auto got = sys::read_some(kInput, bytes.data(), bytes.size());
    if (got.err() == EAGAIN) return;
    if (!got.ok() || got.value() == 0) {
      wish_.reads_input = false;  // the container's input stays open: others may write to it
      return;
    }
    const std::string_view read(bytes.data(), got.value());
    to_container_ = raw_ ? wish_.keys.feed(read) : std::string(read);
  }

  void send_input() {
    const std::string message = text::join(std::string_view("i"), to_container_);
    const auto sent = sys::send_with_fds(monitor_.borrow(), message);
    to_container_.clear();
    if (!sent.ok() && sent.err() != EPIPE && sent.err() != ECONNRESET)
      throw Error(ErrorKind::Kernel, "write to the container", sent.err());
  }

  void send_window() {
    const auto size = sys::window_size(kInput);
    if (!size.ok()) return;
    const launch::AttachWindow window{size.value().rows, size.value().columns, size.value().x_pixels, size.value().y_pixels};
    std::string message = "w";
    message.append(reinterpret_cast<const char*>(&window), sizeof window);
    static_cast<void>(sys::send_with_fds(monitor_.borrow(), message));  // where it is gone, the end is read next
  }

  void take_signals() {
    while (const auto signal = sys::next_signal(signals_.queue()).or_throw("read the next signal")) {
      if (*signal == SIGWINCH) {
        if (raw_) send_window();
      } else if (*signal == SIGPIPE || *signal == SIGURG || *signal == SIGTSTP || *signal == SIGCONT) {
        continue;
      } else if (wish_.forward) {
        wish_.forward(*signal);
      } else {
        raw_.reset();
        sys::set_signal_mask(signals_.original_mask()).or_throw("let signals through");
        static_cast<void>(process::die_of(*signal));
      }
    }
  }

  const sys::UniqueFd& monitor_;
  const process::HeldSignals& signals_;
  AttachWish wish_;
  std::optional<process::RawTerminal> raw_;
  std::string to_container_;
  bool ended_ = false;
};

}  // namespace

sys::UniqueFd connect_to_monitor(const Entry& entry) {
  if (entry.record.foreground)
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " runs in the foreground of somebody"))
        .with_hint(text::join("caisson exec -it ", entry.record.name, " sh enters it"));
  constexpr int kPatienceMs = 5000;
  auto connected = sys::connect_to(entry.directory(), launch::kAttachSocket, sys::SocketType::SeqPacket, kPatienceMs);
  if (connected.ok()) return std::move(connected).value();
  if (connected.err() == ENOENT || connected.err() == ECONNREFUSED)
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is not running, or its monitor was killed"))
        .with_hint(text::join("caisson start -a ", entry.record.name, " starts it and attaches"));
  throw Error(ErrorKind::Kernel, text::join("attach to container ", entry.record.name), connected.err());
}

AttachEnd attach(const Entry& entry, const sys::UniqueFd& monitor, const process::HeldSignals& signals, AttachWish wish) {
  if (!Session(monitor, signals, std::move(wish)).run()) return AttachEnd::Detached;
  // The monitor writes how the run ended before it lets its clients go.
  const auto exit = entry.exit();
  return exit && exit->run == entry.record.run ? AttachEnd::RunEnded : AttachEnd::LostOutput;
}

}  // namespace caisson::life
