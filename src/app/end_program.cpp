#include "app/end_program.hpp"

#include "sys/file.hpp"
#include "sys/process.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#include <sys/prctl.h>
#endif

namespace caisson::app {

#ifdef __SANITIZE_ADDRESS__
namespace {

// The leak checker clones a process that traces this one. After exec has entered the pid namespace of a container its children
// cannot see it, and the checker would wait for ever; and exec forbids tracing, to protect its child.
bool can_be_traced() {
  const auto own = sys::read_link(sys::kCwd, "/proc/self/ns/pid");
  const auto of_children = sys::read_link(sys::kCwd, "/proc/self/ns/pid_for_children");
  const bool sees_us = own.ok() && of_children.ok() && own.value() == of_children.value();
  return sees_us && sys::process_control(PR_SET_DUMPABLE, 1).ok();
}

}  // namespace
#endif

void end_program(int status) noexcept {
#ifdef __SANITIZE_ADDRESS__
  if (can_be_traced()) __lsan_do_leak_check();
#endif
  sys::exit_now(status);
}

}  // namespace caisson::app
