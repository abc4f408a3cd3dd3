// Unix sockets: message pairs, descriptor passing, pathname sockets addressed by (directory, path). man 7 unix.
// Sending never raises SIGPIPE; a message that was cut short is an error, never a shorter message, and every descriptor that
// arrived with it is closed. Pathname sockets are reached through /proc/self/fd, so the 107 bytes of sun_path do not limit
// the directory; that /proc must be the machine's own, which holds only outside of a container.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

enum class SocketType : std::uint8_t { Stream, SeqPacket, Datagram };

struct SocketPair {
  UniqueFd ours, theirs;
};
SysResult<SocketPair> socket_pair(SocketType type) noexcept;
SysResult<SocketPair> seqpacket_pair() noexcept;

inline constexpr std::size_t kMostPassedFds = 253;  // SCM_MAX_FD of the kernel

// One sendmsg(2). EINVAL without data: an empty message looks like the end of the stream. E2BIG above kMostPassedFds.
SysStatus send_with_fds(BorrowedFd socket, std::string_view data, std::span<const BorrowedFd> fds = {}) noexcept;

struct Message {
  std::string data;  // empty: the peer closed its end
  std::vector<UniqueFd> fds;
  bool end() const noexcept { return data.empty(); }
};
// Bytes of the message that comes next on a seqpacket or datagram socket, waited for and left where it is; 0 at the end.
SysResult<std::size_t> next_message_size(BorrowedFd socket) noexcept;
// One recvmsg(2). EMSGSIZE: more than max_data bytes were sent as one message. E2BIG: more than max_fds descriptors.
// EMFILE: this process may not open as many. Received descriptors are close-on-exec.
SysResult<Message> receive_with_fds(BorrowedFd socket, std::size_t max_data, std::size_t max_fds = 0) noexcept;
// The same without an allocation; every place of `fds` may be filled, from the first on.
struct Received {
  std::size_t bytes = 0, fds = 0;
};
SysResult<Received> receive_into(BorrowedFd socket, std::span<char> data, std::span<UniqueFd> fds) noexcept;

// The socket file is made with `mode` at once, whatever the umask lets through. The name is one path component of at most
// 80 bytes; EADDRINUSE: it exists (a stale one is the caller's to remove).
SysResult<UniqueFd> listen_at(BorrowedFd dir, const char* name, SocketType type, mode_t mode, int backlog = 16) noexcept;
// Waits for a connection for at most timeout_ms (negative: for ever), else ETIMEDOUT.
SysResult<UniqueFd> accept_from(BorrowedFd listener, int timeout_ms) noexcept;
// The path may have any length and follows symbolic links. ENOTSOCK: it is another kind of file. ETIMEDOUT: the listener's
// queue stayed full. Sending on the result is not limited in time; see set_send_timeout.
SysResult<UniqueFd> connect_to(BorrowedFd dir, const char* path, SocketType type, int timeout_ms) noexcept;
SysStatus set_send_timeout(BorrowedFd socket, int timeout_ms) noexcept;  // 0: none; EAGAIN of a send means it ran out

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};
SysResult<PeerCredentials> peer_of(BorrowedFd connection) noexcept;  // SO_PEERCRED

}  // namespace caisson::sys
