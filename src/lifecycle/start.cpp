// start talks to the trampoline that waits inside the container, through the socket beside the container's record: it sends
// Start and hears GoesAhead and then the end of the connection (the payload runs), or a failure record. The conversation is
// drawn in launch/channel.hpp.
#include <cerrno>
#include <span>

#include "base/text.hpp"
#include "launch/channel.hpp"
#include "launch/wire.hpp"
#include "lifecycle/commands.hpp"
#include "lifecycle/container.hpp"
#include "process/hooks.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::lifecycle {

namespace {

constexpr int kConnectPatienceMs = 10'000;

[[noreturn]] void fail_stopped() { throw Error(ErrorKind::State, "cannot start a container that has stopped"); }
[[noreturn]] void fail_running() { throw Error(ErrorKind::State, "cannot start an already running container"); }

void require_created(state::Status status) {
  if (status == state::Status::Created) return;
  if (status == state::Status::Stopped) fail_stopped();
  if (status == state::Status::Running) fail_running();
  throw Error(ErrorKind::State, text::join("cannot start a container in the ", state::status_name(status), " state"));
}

void remove_start_socket(const Container& container) {
  const sys::SysStatus removed = sys::unlink_at(container.file.directory(), container.file.start_socket().c_str());
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Kernel, "remove the start socket", removed.err());
}

sys::UniqueFd connect_to_init(const Container& container) {
  auto connected = sys::connect_to(container.file.directory(), container.file.start_socket().c_str(),
                                   sys::SocketType::SeqPacket, kConnectPatienceMs);
  if (connected.err() == ECONNREFUSED || connected.err() == ENOENT) {
    // Nobody listens any more: it has died just now, or an earlier start was killed before it could remove the socket.
    if (sys::has_ended(*container.live.init)) fail_stopped();
    remove_start_socket(container);
    fail_running();
  }
  return std::move(connected).or_throw("connect to the waiting container ", container.id());
}

[[noreturn]] void fail_ended(const Container& container) {
  std::string text = "the container's first process ended before it ran the program";
  if (container.cgroup().oom_kills() > 0) text += ": OOM-killed (memory limit too low?)";
  throw Error(ErrorKind::Payload, std::move(text));
}

// Until the other end is closed. Nothing here asks whether the process lives: once Start is sent only its own answer counts.
void hear_answer(const Container& container, sys::BorrowedFd connection) {
  bool goes_ahead = false;
  for (;;) {
    auto received = launch::receive_from_child(connection);
    const bool closed = received.ok() && received.value().end();
    if (closed && goes_ahead) return;
    if (closed) fail_ended(container);
    const sys::Message message = std::move(received).or_throw("hear from container ", container.id());
    if (message.data.front() == static_cast<char>(launch::Message::Failure)) {
      throw launch::decode_failure(std::as_bytes(std::span(message.data)));
    }
    if (message.data.front() == static_cast<char>(launch::Message::GoesAhead)) {
      goes_ahead = true;
      remove_start_socket(container);
    }
  }
}

void release_init(const Container& container) {
  require_created(container.live.status);
  const sys::UniqueFd connection = connect_to_init(container);
  const char order = static_cast<char>(launch::Message::Start);
  const sys::SysStatus sent = sys::send_with_fds(connection.borrow(), {&order, 1});
  if (sent.err() == EPIPE || sent.err() == ECONNRESET) fail_ended(container);
  if (!sent.ok()) throw Error(ErrorKind::Kernel, text::join("ask container ", container.id(), " to go on"), sent.err());
  hear_answer(container, connection.borrow());
}

}  // namespace

void run_poststart(const Container& container) {
  if (container.record->poststart.empty()) return;
  spec::State running = state_of(container);
  running.status = state::status_name(state::Status::Running);
  const std::string json = spec::write_hook_state(running);
  try {
    process::run_hooks({"poststart", container.record->poststart, json, container.record->bundle});
  } catch (const Error&) {
    kill_and_wait(container);
    throw;
  }
}

void start(const Context& context, std::string_view id) {
  Container container = open_container(context, id, Locking::Exclusive);
  release_init(container);
  // A hook may well call a command on this container.
  container.file.unlock();
  run_poststart(container);
}

}  // namespace caisson::lifecycle
