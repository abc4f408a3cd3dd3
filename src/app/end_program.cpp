#include "app/end_program.hpp"

#include "sys/process.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#include <sys/prctl.h>
#endif

namespace caisson::app {

void end_program(int status) noexcept {
#ifdef __SANITIZE_ADDRESS__
  // The leak checker traces the process, which exec has forbidden to protect its child.
  if (sys::process_control(PR_SET_DUMPABLE, 1).ok()) __lsan_do_leak_check();
#endif
  sys::exit_now(status);
}

}  // namespace caisson::app
