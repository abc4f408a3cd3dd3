// Children that try something and report errno values through a page that they share with their parent, so that what a child
// found out before a seccomp filter killed it is not lost.
#pragma once

#include <functional>

#include "check/measured.hpp"
#include "sys/process.hpp"
#include "sys/shared_page.hpp"

namespace caisson::check {

// Runs the body in a child made by clone(2) with these flags and waits for its end. What the body throws is an errno like any
// other. The attempt tells of the clone, of the body's errno, or of the signal that ended the child.
Attempt in_child(const std::function<int()>& body, std::uint64_t flags = 0);

// The attempts of a child, one word each in the shared page.
class SharedAttempts {
 public:
  SharedAttempts();
  // In the child: says that the trial has begun, runs it and writes down its errno.
  bool record(Trial trial, const std::function<int()>& body) const;
  bool works(Trial trial) const noexcept;
  // In the parent, after the child's end: with the signal for a trial that had begun and did not come back.
  Attempts read(int signal) const noexcept;

 private:
  sys::SharedPage page_;
};

}  // namespace caisson::check
