#include "net/route_conversation.hpp"

#include <linux/netlink.h>

#include <cerrno>

#include "sys/netlink.hpp"

namespace caisson::net {
namespace {

constexpr std::size_t kUsualAnswer = 32768;  // the kernel fills at most as much in one go

// The errno of NLMSG_ERROR or NLMSG_DONE: 0, or positive.
int answered_errno(std::string_view body) {
  const int answer = number_in<std::int32_t>(body);
  return answer < 0 ? -answer : 0;
}

}  // namespace

sys::SysResult<std::string_view> RouteConversation::receive(sys::BorrowedFd socket) {
  using Result = sys::SysResult<std::string_view>;
  const auto length = sys::next_from_kernel(socket);
  if (!length.ok()) return Result::failed(length.err());
  if (buffer_.size() < kUsualAnswer) buffer_.resize(kUsualAnswer);
  if (buffer_.size() < length.value()) buffer_.resize(length.value());
  const auto received = sys::receive_from_kernel(socket, buffer_);
  if (!received.ok()) return Result::failed(received.err());
  return std::string_view(buffer_.data(), received.value());
}

sys::SysResult<RouteConversation::Heard> RouteConversation::hear(std::string_view datagram, bool is_dump,
                                                                 const OnMessage& on_message) {
  using Result = sys::SysResult<Heard>;
  while (!datagram.empty()) {
    const auto message = take_message(datagram);
    if (!message) return Result::failed(EBADMSG);
    if (message->sequence != sequence_) continue;
    if ((message->flags & NLM_F_DUMP_INTR) != 0) changed_ = true;
    if (message->type == NLMSG_ERROR || message->type == NLMSG_DONE) {
      const int failure = answered_errno(message->body);
      return failure == 0 ? Result(Heard::End) : Result::failed(failure);
    }
    if (message->type == NLMSG_OVERRUN) return Result::failed(ENOBUFS);
    if (message->type == NLMSG_NOOP) continue;
    on_message(*message);
    if (!is_dump) return Heard::End;
  }
  return Heard::More;
}

sys::SysStatus RouteConversation::ask(sys::BorrowedFd socket, const RouteRequest& request, const OnMessage& on_message) {
  if (const auto sent = sys::send_to_kernel(socket, request.bytes()); !sent.ok()) return sent;
  changed_ = false;
  while (true) {
    const auto datagram = receive(socket);
    if (!datagram.ok()) return sys::SysStatus::failed(datagram.err());
    const auto heard = hear(datagram.value(), request.is_dump(), on_message);
    if (!heard.ok()) return sys::SysStatus::failed(heard.err());
    if (heard.value() == Heard::End) return changed_ ? sys::SysStatus::failed(EINTR) : sys::SysStatus(sys::Unit{});
  }
}

}  // namespace caisson::net
