// A copy of this program that does one thing as the root of a container's user namespace. It joins nothing else: what it may
// touch of the container are the descriptors that its maker has opened. No process of the container can trace it, and it ends
// with its maker.
#pragma once

#include <functional>
#include <optional>

#include "launch/channel.hpp"
#include "sys/process.hpp"

namespace caisson::launch {

class SideProcess {
 public:
  // user: nothing: it stays who its maker is. work must leave nothing to its caller: the process ends behind it.
  SideProcess(std::optional<sys::BorrowedFd> user, const std::function<void()>& work);
  ~SideProcess();
  SideProcess(const SideProcess&) = delete;
  SideProcess& operator=(const SideProcess&) = delete;

  // Whether it ends within so many milliseconds.
  bool ends_within(int milliseconds) const;
  // Waits for its end: what the work threw. Nothing for one that nobody reads from any more (SIGPIPE): then whoever should
  // have read says why.
  std::optional<Error> outcome();

 private:
  Channel channel_;
  sys::Cloned child_;
};

}  // namespace caisson::launch
