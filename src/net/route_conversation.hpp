// Questions to the kernel over route sockets and their answers: whole, or an Error. One buffer and one count of questions for
// any number of sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "net/route_message.hpp"
#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::net {

inline constexpr int kMostReadings = 50;  // of a list that changes while it is read

class RouteConversation {
 public:
  using OnMessage = std::function<void(const RouteMessage&)>;

  std::uint32_t next_sequence() { return ++sequence_; }
  // Sends a request that carries the last sequence number and hears the answer to its end: NLMSG_DONE for a dump, else the
  // first message. Answers to earlier questions are passed over. Fails with EINTR when the list changed while it was told,
  // ENOBUFS when some of it is lost, EBADMSG for an answer that cannot be read, or with what the kernel answered.
  sys::SysStatus ask(sys::BorrowedFd socket, const RouteRequest& request, const OnMessage& on_message);
  // The next datagram, waited for and whole; valid until the next one. ENOBUFS: some are lost.
  sys::SysResult<std::string_view> receive(sys::BorrowedFd socket);

 private:
  enum class Heard : std::uint8_t { More, End };
  sys::SysResult<Heard> hear(std::string_view datagram, bool is_dump, const OnMessage& on_message);

  std::vector<char> buffer_;
  std::uint32_t sequence_ = 0;
  bool changed_ = false;
};

}  // namespace caisson::net
