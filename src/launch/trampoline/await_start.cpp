#include "launch/trampoline/await_start.hpp"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/poll.h>

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {
namespace {

constexpr int kMostClients = 8;

class Clients {
 public:
  explicit Clients(int listener) { polled_[0] = {listener, POLLIN, 0}; }

  // Until something has happened; a negative errno when the kernel or a filter refuses to wait.
  long wait() {
    long ready;
    do ready = call(__NR_ppoll, polled_, count_ + 1, 0, 0, 8);
    while (ready == -EINTR);
    return ready;
  }

  // The client that has sent Start, or -1. Whoever says anything else or ends without a word is dropped.
  int find_start() {
    for (int i = count_; i > 0; --i) {
      if (polled_[i].revents == 0) continue;
      const int client = polled_[i].fd;
      if (sends_start(client)) return client;
      drop(i);
    }
    return -1;
  }

  static bool sends_start(int client) {
    Message order{};
    long got;
    do got = call(__NR_read, client, &order, 1);
    while (got == -EINTR);
    return got == 1 && order == Message::Start;
  }

  bool has_new() const { return polled_[0].revents != 0; }

  // Who has waited longest gives way: it had its time to speak.
  void add(int client) {
    if (count_ == kMostClients) drop(1);
    polled_[++count_] = {client, POLLIN, 0};
  }

  void close_others(int kept) {
    for (int i = 0; i <= count_; ++i)
      if (polled_[i].fd != kept) call(__NR_close, polled_[i].fd);
  }

 private:
  void drop(int place) {
    call(__NR_close, polled_[place].fd);
    for (int i = place; i < count_; ++i) polled_[i] = polled_[i + 1];
    --count_;
  }

  pollfd polled_[1 + kMostClients];  // the listener first
  int count_ = 0;                    // of clients
};

}  // namespace

int await_start(int listener) noexcept {
  Clients clients(listener);
  for (;;) {
    // A filter that is loaded already need not allow ppoll(2): then one client after the other.
    const bool one_by_one = clients.wait() < 0;
    if (!one_by_one) {
      if (const int asked = clients.find_start(); asked >= 0) {
        clients.close_others(asked);
        return asked;
      }
      if (!clients.has_new()) continue;
    }
    const long client = call(__NR_accept4, listener, 0, 0, O_CLOEXEC);
    if (client == -EINTR || client == -ECONNABORTED) continue;
    if (client < 0) return static_cast<int>(client);
    if (!one_by_one) {
      clients.add(static_cast<int>(client));
    } else if (Clients::sends_start(static_cast<int>(client))) {
      clients.close_others(-1);
      return static_cast<int>(client);
    } else {
      call(__NR_close, client);
    }
  }
}

}  // namespace caisson::launch
