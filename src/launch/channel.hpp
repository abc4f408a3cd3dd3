// The conversation between the runtime (parent) and the process that becomes the container, over one seqpacket socket pair.
// Every message starts with a Message byte (trampoline/record.hpp). Lines marked ? happen only when the plan needs them.
//
//   parent                         stage ?                        child (PID 1 of the container)     trampoline
//     | clone3 --------------------->|                                |                               |
//     |<------------- Maps ? --------|                                |                               |
//     |   write the id maps          |                                |                               |
//     |-------------- Continue ----->| clone3 (CLONE_PARENT) -------->|                               |
//     |   the stage's end            | exits                          |                               |
//     |   (no stage: clone3 makes the child at once; with a new user namespace the maps are written and Continue is sent)
//     |   make the network namespace while the child mounts           |                               |
//     |<------------- Stage ? (one descriptor) -----------------------| the view of the root is made  |
//     |-------------- Network ? ------------------------------------->| setns                         |
//     |<------------- MountIds ? (one descriptor) --------------------| a source in the container, ids mapped
//     |-------------- Continue ? ------------------------------------>| once for each
//     |<------------- Hooks ? (one descriptor ?) ---------------------| mounts are made               |
//     |   prestart and createRuntime hooks                            |                               |
//     |-------------- Continue ? ------------------------------------>| pivot, console, masks, ...    |
//     |<------------- Console ? (one descriptor) ---------------------|                               |
//     |<------------- Listener ? (a number) --------------------------|                               |
//     |   the record is on disk                                       |                               |
//     |-------------- Continue -------------------------------------->| switch user, execve --------->|
//     |<------------- Ready (create) ---------------------------------------------------------------- | accept
//     |<------------- GoesAhead (run, exec) --------------------------------------------------------- | execve payload
//     |<------------- end of file: the payload runs                                                   |
//   At any time: Failure, and end of file without GoesAhead means that the process died; Step ? and Note ? report.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "launch/trampoline/record.hpp"
#include "sys/fd.hpp"
#include "sys/socket.hpp"

namespace caisson::launch {

struct Received {
  Message message{};
  std::string data;  // without the Message byte; for Failure: the whole record
  std::vector<sys::UniqueFd> fds;
};

// The runtime must survive a child that died (no SIGPIPE); a child must get by with write(2), since a seccomp filter that it
// has loaded already may trap sendmsg(2).
enum class Side : std::uint8_t { Runtime, Child };
// The runtime says what to do and hardly more; a child reads no longer message (EMSGSIZE).
inline constexpr std::size_t kFromRuntime = 64;

// The next message of a child, at most kMaxMessage bytes (EMSGSIZE); Message::end() when the child is gone. The size is asked
// for first: most are a byte, and room for the longest would be pages to make.
sys::SysResult<sys::Message> receive_from_child(sys::BorrowedFd socket, std::size_t max_fds = 0);

class Channel {
 public:
  Channel() = default;
  Channel(sys::UniqueFd socket, Side side) noexcept : socket_(std::move(socket)), side_(side) {}

  // EPIPE as the errno of the Error: the other side is gone.
  void send(Message message, std::string_view data = {}) const;
  void send_fd(Message message, sys::BorrowedFd fd, std::string_view data = {}) const;
  // For the end of a stage: nobody is left to hear about a second failure.
  void send_failure(const Error& error) const noexcept;
  // Blocks; nothing at end of file.
  std::optional<Received> receive() const;
  // Waits for exactly this message. End of file: throws, since the other side is gone.
  void expect(Message message) const;

  sys::BorrowedFd borrow() const noexcept { return socket_.borrow(); }
  void close() noexcept { socket_.reset(); }
  // Closes the descriptor of the process that calls, and leaves the object, which another process may read in shared memory,
  // as it is: forget() has to follow before it is destroyed.
  void close_number() const noexcept { sys::close_number(socket_.borrow()); }
  void forget() noexcept { static_cast<void>(socket_.release()); }

 private:
  sys::UniqueFd socket_;
  Side side_ = Side::Child;
};

struct ChannelPair {
  Channel parent, child;
};
ChannelPair make_channel();

}  // namespace caisson::launch
