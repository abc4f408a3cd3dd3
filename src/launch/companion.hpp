// A program that serves a container from outside, and ends with it whoever is killed: a process of ours, which is nobody's
// child any more, waits for the end of the container's first process and ends the program then; when that process itself is
// killed, the kernel ends the program (man 2 PR_SET_PDEATHSIG).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hpp"

namespace caisson::launch {

// What is passed is open in the process that watches; a word of the command line with one of these in it becomes a path to that
// descriptor, or the pid of a process that stands in the container's namespaces until the program is ready.
inline constexpr int kFirstPassed = 7;
std::string companion_file(int number);
inline constexpr std::string_view kStandIn = "{stand-in}";
// The program's own descriptor that it writes to when it is ready.
inline constexpr int kReadyFile = 3;

struct CompanionOrders {
  std::string program;  // a path
  std::vector<std::string> words;
  const sys::Pidfd& container;
  // Open until the program has ended: whoever waits for its lock waits for that.
  sys::BorrowedFd lock;
  std::vector<sys::BorrowedFd> passed;  // the first two: the container's user namespace and its network namespace
};

// Returns when the program is ready. Throws Error{Host} with its last words when it ended before.
void start_companion(const CompanionOrders& orders);

}  // namespace caisson::launch
