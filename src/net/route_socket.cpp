#include "net/route_socket.hpp"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/netlink.hpp"
#include "sys/process.hpp"
#include "sys/socket.hpp"

namespace caisson::net {
namespace {

// There and back. Nothing that can throw stands between the two.
sys::SysResult<sys::UniqueFd> visit(sys::BorrowedFd network_namespace, sys::BorrowedFd own) {
  const auto entered = sys::set_namespace(network_namespace, CLONE_NEWNET);
  if (!entered.ok()) return sys::SysResult<sys::UniqueFd>::failed(entered.err());
  auto socket = sys::make_route_socket();
  sys::set_namespace(own, CLONE_NEWNET).or_throw("return to the caller's own network namespace");
  return socket;
}

// Names the call that failed in one word, and its errno.
struct Refusal {
  enum class Where : int { JoinUser, JoinNetwork, MakeSocket } where = Where::JoinUser;
  int errno_value = 0;
};

sys::SysStatus enter(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner, Refusal& refusal) {
  refusal.where = Refusal::Where::JoinNetwork;
  const auto at_once = sys::set_namespace(network_namespace, CLONE_NEWNET);
  if (at_once.err() != EPERM || !owner) return at_once;
  refusal.where = Refusal::Where::JoinUser;
  if (const auto joined = sys::set_namespace(*owner, CLONE_NEWUSER); !joined.ok()) return joined;
  refusal.where = Refusal::Where::JoinNetwork;
  return sys::set_namespace(network_namespace, CLONE_NEWNET);
}

sys::SysStatus hand_over(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner, sys::BorrowedFd channel,
                         Refusal& refusal) {
  if (const auto entered = enter(network_namespace, owner, refusal); !entered.ok()) return entered;
  refusal.where = Refusal::Where::MakeSocket;
  auto socket = sys::make_route_socket();
  if (!socket.ok()) return sys::SysStatus::failed(socket.err());
  const sys::BorrowedFd fds[] = {socket.value().borrow()};
  return sys::send_with_fds(channel, "s", fds);
}

[[noreturn]] void child_main(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner,
                             sys::BorrowedFd channel) noexcept {
  Refusal refusal;
  const auto done = hand_over(network_namespace, owner, channel, refusal);
  if (done.ok()) sys::exit_now(0);
  refusal.errno_value = done.err();
  static_cast<void>(sys::send_with_fds(channel, {reinterpret_cast<const char*>(&refusal), sizeof refusal}));
  sys::exit_now(1);
}

std::string_view words_of(Refusal::Where where) {
  constexpr std::string_view kWords[] = {"join the user namespace that owns it", "join it", "make a route socket in it"};
  return kWords[static_cast<std::size_t>(where)];
}

sys::UniqueFd by_child(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner) {
  sys::SocketPair channel = sys::seqpacket_pair().or_throw("make a channel");
  const sys::Cloned child = sys::clone_with_pidfd().or_throw("clone a process to join the network namespace");
  if (child.pid == 0) child_main(network_namespace, owner, channel.theirs.borrow());
  channel.theirs.reset();
  auto answer = sys::receive_with_fds(channel.ours.borrow(), sizeof(Refusal), 1);
  sys::wait_for(child.process).or_throw("wait for the process that joined the network namespace");
  sys::Message message = std::move(answer).or_throw("receive a socket of the network namespace");
  if (message.fds.size() == 1) return std::move(message.fds.front());
  Refusal refusal;
  if (message.data.size() != sizeof refusal)
    throw Error(ErrorKind::Kernel, "the process that joined the network namespace ended without an answer");
  std::memcpy(&refusal, message.data.data(), sizeof refusal);
  throw Error(ErrorKind::Kernel, std::string(words_of(refusal.where)), refusal.errno_value);
}

}  // namespace

sys::UniqueFd route_socket_in(sys::BorrowedFd network_namespace, std::optional<sys::BorrowedFd> owner) {
  const auto own = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
  if (sys::same_namespace(own.borrow(), network_namespace).or_throw("compare network namespaces"))
    return sys::make_route_socket().or_throw("make a route socket");
  try {
    // A caller who owns the other namespace but not its own could go there and not come back.
    if (sys::set_namespace(own.borrow(), CLONE_NEWNET).ok()) {
      auto socket = visit(network_namespace, own.borrow());
      if (socket.err() != EPERM || !owner) return std::move(socket).or_throw("join it and make a route socket");
    }
    return by_child(network_namespace, owner);
  } catch (Error& error) {
    if (error.errno_value() == EPERM) error.with_hint("looking into it needs CAP_SYS_ADMIN in the user namespace that owns it");
    throw std::move(error.within("look into a network namespace"));
  }
}

}  // namespace caisson::net
