#include "launch/beside.hpp"

#include <sys/prctl.h>
#include <sys/types.h>

#include <exception>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/end_with_maker.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/seccomp.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

void give_up_rights(std::span<const sys::BorrowedFd> kept) {
  sys::close_all_but(kept).or_throw("close descriptors");
  sys::process_control(PR_SET_NO_NEW_PRIVS, 1).or_throw("set no_new_privs");
  sys::process_control(PR_SET_DUMPABLE, 0).or_throw("keep others out");
  sys::set_capabilities({}).or_throw("give up capabilities");
  sys::refuse_all_but_reading().or_throw("load a filter of system calls");
}

[[noreturn]] void beside_main(pid_t maker, std::span<const sys::BorrowedFd> kept, const std::function<void()>& work) noexcept {
  try {
    end_with_maker(maker);
    give_up_rights(kept);
    work();
    sys::exit_now(0);
  } catch (const std::exception&) {
    sys::exit_now(1);
  }
}

}  // namespace

Beside::Beside(std::string_view what, std::span<const sys::BorrowedFd> kept, const std::function<void()>& work) {
  const pid_t maker = sys::process_id();
  sys::Cloned child = sys::clone_with_pidfd().or_throw("start a process that ", what);
  if (child.pid == 0) {
#ifdef CAISSON_FAULT_POINTS
    sys::fault_points::enter_role(sys::fault_points::Role::Child);
#endif
    beside_main(maker, kept, work);
  }
  process_ = std::move(child.process);
  pid_ = child.pid;
}

Beside::~Beside() {
  if (process_.valid()) sys::end_child(pid_, process_);
}

std::string Beside::end_in_words() {
  const sys::Pidfd ended = std::move(process_);
  return process::end_in_words(sys::wait_for(ended).or_throw("wait for a process beside this one"));
}

}  // namespace caisson::launch
