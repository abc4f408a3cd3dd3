#include "sys/socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sys/call.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::sys {
namespace {

// The kernel's own layouts: those of the C libraries differ in the widths of the length fields.
struct IoVector {
  void* base;
  std::size_t length;
};
struct MessageHeader {
  void* name;
  int name_length;
  IoVector* vectors;
  std::size_t vector_count;
  void* control;
  std::size_t control_length;
  unsigned flags;
};
struct ControlHeader {
  std::size_t length;
  int level, type;
};

constexpr std::size_t kControlSize = sizeof(ControlHeader) + kMostPassedFds * sizeof(int) + 4;
constexpr std::size_t control_length_of(std::size_t fds) { return sizeof(ControlHeader) + fds * sizeof(int); }
constexpr std::size_t aligned(std::size_t length) { return (length + sizeof(long) - 1) & ~(sizeof(long) - 1); }

struct alignas(ControlHeader) ControlBuffer {
  char bytes[aligned(kControlSize)];
};

int kernel_type(SocketType type) noexcept {
  constexpr int kTypes[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
  return kTypes[static_cast<int>(type)];
}

SysResult<UniqueFd> make_socket(SocketType type) noexcept {
  return fd_of<UniqueFd>(call(SYS_socket, AF_UNIX, kernel_type(type) | SOCK_CLOEXEC, 0));
}

// Takes every descriptor out of the control data, so that none can leak whatever is decided afterwards.
std::size_t collect(const ControlBuffer& control, std::size_t length, std::span<UniqueFd> fds) noexcept {
  std::size_t taken = 0;
  for (std::size_t at = 0; at + sizeof(ControlHeader) <= length;) {
    ControlHeader header;
    std::memcpy(&header, control.bytes + at, sizeof header);
    if (header.length < sizeof header || header.length > length - at) break;
    if (header.level == SOL_SOCKET && header.type == SCM_RIGHTS) {
      for (std::size_t from = sizeof header; from + sizeof(int) <= header.length; from += sizeof(int)) {
        int number;
        std::memcpy(&number, control.bytes + at + from, sizeof number);
        UniqueFd fd(number);
        if (taken < fds.size()) fds[taken++] = std::move(fd);
      }
    }
    at += aligned(header.length);
  }
  return taken;
}

struct Address {
  sockaddr_un bytes{};
  std::size_t length = 0;
};

// "/proc/self/fd/N" or "/proc/self/fd/N/name".
SysResult<Address> address_through(BorrowedFd fd, std::string_view name) noexcept {
  Address address;
  address.bytes.sun_family = AF_UNIX;
  char* out = address.bytes.sun_path;
  constexpr std::string_view kPrefix = "/proc/self/fd/";
  out = std::copy(kPrefix.begin(), kPrefix.end(), out);
  out = std::to_chars(out, address.bytes.sun_path + sizeof address.bytes.sun_path, fd.get()).ptr;
  if (!name.empty()) {
    const auto room = static_cast<std::size_t>(address.bytes.sun_path + sizeof address.bytes.sun_path - out);
    if (name.size() + 2 > room) return SysResult<Address>::failed(ENAMETOOLONG);
    *out++ = '/';
    out = std::copy(name.begin(), name.end(), out);
  }
  address.length = static_cast<std::size_t>(out - reinterpret_cast<char*>(&address.bytes)) + 1;
  return address;
}

}  // namespace

SysResult<SocketPair> socket_pair(SocketType type) noexcept {
  int ends[2];
  const long result = call(SYS_socketpair, AF_UNIX, kernel_type(type) | SOCK_CLOEXEC, 0, ends);
  if (result < 0) return SysResult<SocketPair>::failed(static_cast<int>(-result));
  return SocketPair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}
SysResult<SocketPair> seqpacket_pair() noexcept { return socket_pair(SocketType::SeqPacket); }

SysStatus send_with_fds(BorrowedFd socket, std::string_view data, std::span<const BorrowedFd> fds) noexcept {
  if (data.empty()) return SysStatus::failed(EINVAL);
  if (fds.size() > kMostPassedFds) return SysStatus::failed(E2BIG);
  IoVector vector{const_cast<char*>(data.data()), data.size()};
  MessageHeader message{};
  message.vectors = &vector;
  message.vector_count = 1;
  ControlBuffer control;
  if (!fds.empty()) {
    const ControlHeader header{control_length_of(fds.size()), SOL_SOCKET, SCM_RIGHTS};
    std::memcpy(control.bytes, &header, sizeof header);
    for (std::size_t i = 0; i < fds.size(); ++i) {
      const int number = fds[i].get();
      std::memcpy(control.bytes + control_length_of(i), &number, sizeof number);
    }
    message.control = control.bytes;
    message.control_length = header.length;
  }
  const long sent = retry_eintr([&] { return call(SYS_sendmsg, socket.get(), &message, MSG_NOSIGNAL); });
  if (sent < 0) return status_of(sent);
  // The descriptors went with the first part; only a stream can take less than all of the data.
  data.remove_prefix(static_cast<std::size_t>(sent));
  while (!data.empty()) {
    const long more =
        retry_eintr([&] { return call(SYS_sendto, socket.get(), data.data(), data.size(), MSG_NOSIGNAL, nullptr, 0); });
    if (more < 0) return status_of(more);
    data.remove_prefix(static_cast<std::size_t>(more));
  }
  return Unit{};
}

SysResult<Received> receive_into(BorrowedFd socket, std::span<char> data, std::span<UniqueFd> fds) noexcept {
  const auto failed = [&](int errno_value, std::size_t taken) {
    for (std::size_t i = 0; i < taken; ++i) fds[i].reset();
    return SysResult<Received>::failed(errno_value);
  };
  if (fds.size() > kMostPassedFds) return failed(EINVAL, 0);
  IoVector vector{data.data(), data.size()};
  ControlBuffer control;
  MessageHeader message{};
  message.vectors = &vector;
  message.vector_count = 1;
  message.control = fds.empty() ? nullptr : control.bytes;
  // Exactly as long as asked, not rounded up: the kernel would use the padding for one descriptor more.
  message.control_length = fds.empty() ? 0 : control_length_of(fds.size());
  const std::size_t room = message.control_length;
  const long got = retry_eintr([&] {
    message.control_length = room;
    return call(SYS_recvmsg, socket.get(), &message, MSG_CMSG_CLOEXEC);
  });
  if (got < 0) return failed(static_cast<int>(-got), 0);
  const std::size_t taken = collect(control, message.control_length, fds);
  if ((message.flags & MSG_CTRUNC) != 0) return failed(taken < fds.size() ? EMFILE : E2BIG, taken);
  if ((message.flags & MSG_TRUNC) != 0) return failed(EMSGSIZE, taken);
  return Received{static_cast<std::size_t>(got), taken};
}

SysResult<std::size_t> next_message_size(BorrowedFd socket) noexcept {
  MessageHeader message{};
  const long size = retry_eintr([&] { return call(SYS_recvmsg, socket.get(), &message, MSG_PEEK | MSG_TRUNC); });
  if (size < 0) return SysResult<std::size_t>::failed(static_cast<int>(-size));
  return static_cast<std::size_t>(size);
}

SysResult<Message> receive_with_fds(BorrowedFd socket, std::size_t max_data, std::size_t max_fds) noexcept {
  Message message;
  message.data.resize(max_data);
  message.fds.resize(max_fds);
  const auto received = receive_into(socket, message.data, message.fds);
  if (!received.ok()) return SysResult<Message>::failed(received.err());
  message.data.resize(received.value().bytes);
  message.fds.resize(received.value().fds);
  return message;
}

SysResult<UniqueFd> listen_at(BorrowedFd dir, const char* name, SocketType type, mode_t mode, int backlog) noexcept {
  if (std::string_view(name).empty() || std::strchr(name, '/') != nullptr) return SysResult<UniqueFd>::failed(EINVAL);
  const auto address = address_through(dir, name);
  if (!address.ok()) return SysResult<UniqueFd>::failed(address.err());
  auto socket = make_socket(type);
  if (!socket.ok()) return socket;
  const int number = socket.value().get();
  // bind(2) makes the file with the mode of the socket's own inode: no moment with a wider one.
  if (const long result = call(SYS_fchmod, number, mode); result < 0) return fd_of<UniqueFd>(result);
  if (const long result = call(SYS_bind, number, &address.value().bytes, address.value().length); result < 0)
    return fd_of<UniqueFd>(result);
  if (type != SocketType::Datagram)
    if (const long result = call(SYS_listen, number, backlog); result < 0) return fd_of<UniqueFd>(result);
  return socket;
}

SysResult<UniqueFd> accept_from(BorrowedFd listener, int timeout_ms) noexcept {
  const auto ready = wait_readable(listener, timeout_ms);
  if (!ready.ok()) return SysResult<UniqueFd>::failed(ready.err());
  if (ready.value() == Readiness::TimedOut) return SysResult<UniqueFd>::failed(ETIMEDOUT);
  return fd_of<UniqueFd>(retry_eintr([&] { return call(SYS_accept4, listener.get(), nullptr, nullptr, SOCK_CLOEXEC); }));
}

SysStatus set_send_timeout(BorrowedFd socket, int timeout_ms) noexcept {
  const timeval limit{.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
  return status_of(call(SYS_setsockopt, socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
}

SysResult<UniqueFd> connect_to(BorrowedFd dir, const char* path, SocketType type, int timeout_ms) noexcept {
  const auto failed = [](int errno_value) { return SysResult<UniqueFd>::failed(errno_value); };
  const auto file = open_at(dir, path, O_PATH);
  if (!file.ok()) return failed(file.err());
  const auto status = status_of_fd(file.value().borrow());
  if (!status.ok()) return failed(status.err());
  if ((status.value().mode & S_IFMT) != S_IFSOCK) return failed(ENOTSOCK);
  const auto address = address_through(file.value().borrow(), {});
  auto socket = make_socket(type);
  if (!socket.ok()) return socket;
  const BorrowedFd connection = socket.value().borrow();
  const std::uint64_t deadline = monotonic_ns() + static_cast<std::uint64_t>(std::max(timeout_ms, 0)) * 1'000'000U;
  // A full queue cannot be polled for: the send timeout is what limits a connect of this family (man 7 unix).
  for (int left = timeout_ms;;) {
    if (timeout_ms >= 0)
      if (const auto set = set_send_timeout(connection, std::max(left, 1)); !set.ok()) return failed(set.err());
    const long result = call(SYS_connect, connection.get(), &address.value().bytes, address.value().length);
    if (result == 0) break;
    if (result == -EAGAIN) return failed(ETIMEDOUT);
    if (result != -EINTR) return fd_of<UniqueFd>(result);
    const std::uint64_t now = monotonic_ns();
    if (timeout_ms >= 0 && now >= deadline) return failed(ETIMEDOUT);
    left = timeout_ms < 0 ? -1 : static_cast<int>((deadline - now) / 1'000'000U);
  }
  if (timeout_ms >= 0)
    if (const auto set = set_send_timeout(connection, 0); !set.ok()) return failed(set.err());
  return socket;
}

SysResult<PeerCredentials> peer_of(BorrowedFd connection) noexcept {
  PeerCredentials peer;
  unsigned size = sizeof peer;
  const long result = call(SYS_getsockopt, connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size);
  if (result < 0) return SysResult<PeerCredentials>::failed(static_cast<int>(-result));
  return peer;
}

}  // namespace caisson::sys
