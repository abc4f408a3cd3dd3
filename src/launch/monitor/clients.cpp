#include "launch/monitor/clients.hpp"

#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/time_types.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

// Of linux/net.h and the C library's headers, which define more than can stand here.
constexpr int kDontWait = 0x40, kNoSignal = 0x4000;

}  // namespace

Clients::Clients(const MonitorConfig& config) : listener_(config.listener), input_(config.input) {
  for (int& client : clients_) client = -1;
}

void Clients::fill(pollfd* places) const {
  const bool busy = begin_ < end_;
  places[0] = {listener_, POLLIN, 0};
  places[1] = {busy ? input_ : -1, POLLOUT, 0};
  for (int i = 0; i < kMostAttached; ++i) places[i + 2] = {busy ? -1 : clients_[i], POLLIN, 0};
}

void Clients::serve(const pollfd* places) {
  if (places[1].revents != 0) write_input();
  for (int i = 0; i < kMostAttached && begin_ == end_; ++i)
    if (places[i + 2].revents != 0) take_from(clients_[i]);
  if (places[0].revents != 0) accept();
}

void Clients::accept() {
  int client = static_cast<int>(call(__NR_accept4, listener_, 0, 0, O_CLOEXEC | O_NONBLOCK));
  if (client < 0) return;
  for (int& place : clients_) {
    if (place >= 0) continue;
    place = client;
    return;
  }
  let_go(client);
}

void Clients::let_go(int& client) {
  call(__NR_close, client);
  client = -1;
}

void Clients::take_from(int& client) {
  const long got = call(__NR_recvfrom, client, message_, sizeof message_, kDontWait, 0, 0);
  if (got == -EAGAIN || got == -EINTR) return;
  if (got <= 0) return let_go(client);
  begin_ = 1;
  end_ = static_cast<size_t>(got);
  switch (static_cast<AttachMessage>(message_[0])) {
    case AttachMessage::Input:
      return write_input();
    case AttachMessage::Window:
      set_window();
      break;
    case AttachMessage::Output:
    case AttachMessage::Error:
      break;
  }
  begin_ = end_ = 0;
}

void Clients::set_window() {
  AttachWindow size;
  if (end_ - begin_ != sizeof size) return;
  __builtin_memcpy(&size, message_ + begin_, sizeof size);
  call(__NR_ioctl, input_, TIOCSWINSZ, &size);
}

void Clients::write_input() {
  const long written = input_ < 0 ? -EBADF : call(__NR_write, input_, message_ + begin_, end_ - begin_);
  if (written == -EAGAIN || written == -EINTR) return;
  if (written > 0) begin_ += static_cast<size_t>(written);
  if (written <= 0 || begin_ == end_) begin_ = end_ = 0;  // nobody reads any more
}

void Clients::show(int stream, char* message, size_t size) {
  message[0] = static_cast<char>(stream == 0 ? AttachMessage::Output : AttachMessage::Error);
  for (int& client : clients_) {
    if (client < 0) continue;
    const auto send = [&] { return call(__NR_sendto, client, message, size, kDontWait | kNoSignal, 0, 0); };
    long sent = send();
    if (sent == -EAGAIN) {
      pollfd slow{client, POLLOUT, 0};
      __kernel_timespec left{3, 0};
      call(__NR_ppoll, &slow, 1, &left, 0, 8);
      sent = send();
    }
    if (sent < 0) let_go(client);
  }
}

}  // namespace caisson::launch
