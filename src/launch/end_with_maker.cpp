#include "launch/end_with_maker.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include "sys/process.hpp"

namespace caisson::launch {

void end_with_maker(pid_t maker) {
  sys::process_control(PR_SET_PDEATHSIG, SIGKILL).or_throw("ask to end with the process that made this one");
  if (sys::parent_process_id() != maker) sys::exit_now(1);
}

}  // namespace caisson::launch
