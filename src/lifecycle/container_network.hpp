// What connects a container with others: made by who starts it, told here when its network namespace is there.
#pragma once

#include <sys/types.h>

#include <vector>

#include "sys/fd.hpp"

namespace caisson::lifecycle {

class ContainerNetwork {
 public:
  virtual ~ContainerNetwork() = default;
  // The first process stands in the container's network namespace and waits; its program has not begun.
  // network_namespace: not open where the container has no rights over it.
  virtual void connect(pid_t first_process, sys::BorrowedFd network_namespace) = 0;
  // Open for as long as the container lives: the ports that are kept for it.
  virtual std::vector<sys::BorrowedFd> held() const = 0;
  // The container outlives this object: whoever cleans up after it releases its networks.
  virtual void leave_to_others() noexcept = 0;
};

}  // namespace caisson::lifecycle
