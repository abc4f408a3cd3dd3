// linux.seccomp.listenerPath: a seccomp listener goes to the agent that answers for the container (config-linux.md, "Seccomp").
#pragma once

#include <sys/types.h>

#include <string>

#include "spec/state.hpp"
#include "sys/fd.hpp"

namespace caisson::lifecycle {

struct AgentMessage {
  std::string socket_path, metadata;
  spec::State state;
  pid_t pid;  // of the process whose filter it is
};

// One message on a stream socket, then the connection is closed.
void send_to_seccomp_agent(const AgentMessage& message, sys::BorrowedFd listener);

}  // namespace caisson::lifecycle
