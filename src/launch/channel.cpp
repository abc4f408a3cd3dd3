#include "launch/channel.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "launch/wire.hpp"
#include "sys/file.hpp"

namespace caisson::launch {
namespace {

// A peer that ended with messages of ours unread resets the connection. The kernel says so once, before what the peer had
// sent: its last words come next.
template <class Receive>
auto despite_reset(const Receive& receive) {
  auto got = receive();
  return got.err() == ECONNRESET ? receive() : std::move(got);
}

}  // namespace

sys::SysResult<sys::Message> receive_from_child(sys::BorrowedFd socket, std::size_t max_fds) {
  const auto size = despite_reset([&] { return sys::next_message_size(socket); });
  if (!size.ok()) return sys::SysResult<sys::Message>::failed(size.err());
  if (size.value() == 0) return sys::Message{};
  return despite_reset([&] { return sys::receive_with_fds(socket, std::min(size.value(), kMaxMessage), max_fds); });
}

void Channel::send(Message message, std::string_view data) const {
  std::string bytes(1, static_cast<char>(message));
  bytes.append(data);
  auto sent = side_ == Side::Runtime ? sys::send_with_fds(socket_.borrow(), bytes) : sys::write_once(socket_.borrow(), bytes);
  std::move(sent).or_throw("send to the other side of the launch");
}

void Channel::send_fd(Message message, sys::BorrowedFd fd, std::string_view data) const {
  std::string bytes(1, static_cast<char>(message));
  bytes.append(data);
  sys::send_with_fds(socket_.borrow(), bytes, {&fd, 1}).or_throw("pass a descriptor to the other side of the launch");
}

void Channel::send_failure(const Error& error) const noexcept {
  const auto ignored = sys::write_once(socket_.borrow(), encode_failure(error));
  static_cast<void>(ignored);
}

std::optional<Received> Channel::receive() const {
  auto got = side_ == Side::Runtime ? receive_from_child(socket_.borrow(), 1)
                                    : despite_reset([&] { return sys::receive_with_fds(socket_.borrow(), kFromRuntime, 1); });
  sys::Message raw = std::move(got).or_throw("receive from the other side of the launch");
  if (raw.end()) return std::nullopt;
  Received received{.message = static_cast<Message>(raw.data.front()), .fds = std::move(raw.fds)};
  received.data = received.message == Message::Failure ? std::move(raw.data) : raw.data.substr(1);
  return received;
}

void Channel::expect(Message message) const {
  const auto received = receive();
  if (!received) throw Error(ErrorKind::Kernel, "the runtime ended while the container was being made");
  if (received->message != message) throw Error(ErrorKind::Kernel, "unexpected message from the runtime");
}

ChannelPair make_channel() {
  auto pair = sys::seqpacket_pair().or_throw("make the socket pair of the launch");
  return {Channel(std::move(pair.ours), Side::Runtime), Channel(std::move(pair.theirs), Side::Child)};
}

}  // namespace caisson::launch
