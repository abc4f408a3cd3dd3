#include "lifecycle/seccomp_agent.hpp"

#include "sys/socket.hpp"

namespace caisson::lifecycle {
namespace {
constexpr int kAgentPatienceMs = 10'000;
}

void send_to_seccomp_agent(const AgentMessage& message, sys::BorrowedFd listener) {
  const auto socket = sys::connect_to(sys::kCwd, message.socket_path.c_str(), sys::SocketType::Stream, kAgentPatienceMs)
                          .or_throw("linux.seccomp.listenerPath: connect to ", message.socket_path);
  const std::string document =
      spec::write_container_process_state({.pid = message.pid, .metadata = message.metadata, .state = message.state});
  sys::send_with_fds(socket.borrow(), document, {&listener, 1})
      .or_throw("linux.seccomp.listenerPath: send to ", message.socket_path);
}

}  // namespace caisson::lifecycle
