#include "launch/side_process.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/text.hpp"
#include "launch/end_with_maker.hpp"
#include "launch/wire.hpp"
#include "process/signals.hpp"

namespace caisson::launch {
namespace {

void become_root_of(sys::BorrowedFd user) {
  // Before the namespace is joined: from then on its root could trace us. Afterwards only root of the namespace in which this
  // program was executed can.
  sys::process_control(PR_SET_DUMPABLE, 0).or_throw("forbid tracing");
  sys::set_namespace(user, CLONE_NEWUSER).or_throw("enter the container's user namespace");
  sys::set_group(0).or_throw("become root of the container's user namespace");
  sys::set_user(0).or_throw("become root of the container's user namespace");
}

}  // namespace

SideProcess::SideProcess(std::optional<sys::BorrowedFd> user, const std::function<void()>& work) {
  ChannelPair channels = make_channel();
  const pid_t maker = sys::process_id();
  child_ = sys::clone_with_pidfd().or_throw("clone a process");
  if (child_.pid != 0) {
    channels.child.close();
    channel_ = std::move(channels.parent);
    return;
  }
  channels.parent.close();
  try {
    if (user) become_root_of(*user);
    end_with_maker(maker);
    work();
    sys::exit_now(0);
  } catch (const Error& error) {
    channels.child.send_failure(error);
  } catch (const std::exception& unexpected) {  // no memory
    channels.child.send_failure(Error(ErrorKind::Host, unexpected.what()));
  }
  sys::exit_now(125);
}

SideProcess::~SideProcess() {
  if (child_.process.valid()) sys::end_child(child_.pid, child_.process);
}

bool SideProcess::ends_within(int milliseconds) const {
  return sys::wait_readable(child_.process.borrow(), milliseconds).or_throw("wait for a process") == sys::Readiness::Ready;
}

std::optional<Error> SideProcess::outcome() {
  const auto answer = channel_.receive();
  const sys::Pidfd process = std::move(child_.process);
  const sys::ExitStatus ended = sys::wait_for(process).or_throw("wait for a process");
  if (answer) return decode_failure(std::as_bytes(std::span(answer->data)));
  if ((ended.signalled && ended.value == SIGPIPE) || (!ended.signalled && ended.value == 0)) return std::nullopt;
  return Error(ErrorKind::Kernel, text::join("the process that does it ", process::end_in_words(ended)));
}

}  // namespace caisson::launch
