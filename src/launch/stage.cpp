#include "launch/stage.hpp"

#include <linux/sched.h>
#include <sys/prctl.h>

#include <cerrno>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/wire.hpp"
#include "ns/id_map.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

using ns::Type;

void enter_user_and_pid(const StageRequest& request) {
  for (const ns::OpenNamespace& target : request.opened.joined)
    if (target.type == Type::User || target.type == Type::Pid) ns::enter(target);
  if (!request.plan.namespaces.creates(Type::User)) return;
  sys::unshare(ns::kind_of(Type::User).flag).or_throw("create a user namespace");
  request.channels.child.send(Message::Maps);
}

void make_time_namespace(const StageRequest& request) {
  if (!request.plan.namespaces.creates(Type::Time)) return;
  sys::unshare(ns::kind_of(Type::Time).flag).or_throw("create a time namespace");
  const std::string& offsets = request.plan.namespaces.time_offsets;
  if (offsets.empty()) return;
  const auto written = request.opened.proc.write("self/timens_offsets", offsets);
  if (written.err() == ERANGE)
    throw Error(ErrorKind::Spec, "linux.timeOffsets: a clock would be negative or out of range", ERANGE);
  if (!written.ok()) throw Error(ErrorKind::Kernel, "linux.timeOffsets: set the clock offsets", written.err());
}

// CLONE_PARENT takes the exit signal of this process, so none is given.
pid_t clone_sibling(const StageRequest& request) {
  const std::uint64_t pid_flag = request.plan.namespaces.created & ns::kind_of(Type::Pid).flag;
  const auto cloned = sys::clone_process({.flags = CLONE_PARENT | pid_flag});
  if (!cloned.ok()) throw_clone_failure(kFirstProcess, cloned.err(), request.plan.namespaces.own(Type::User));
  return cloned.value();
}

[[noreturn]] void stage_main(const StageRequest& request) noexcept {
#ifdef CAISSON_FAULT_POINTS
  sys::fault_points::enter_role(sys::fault_points::Role::Init);
#endif
  const Channel& channel = request.channels.child;
  try {
    sys::process_control(PR_SET_PDEATHSIG, SIGKILL).or_throw("ask to end with the runtime");
    enter_user_and_pid(request);
    channel.expect(Message::Continue);
    make_time_namespace(request);
    const pid_t first = clone_sibling(request);
    if (first == 0) {
      InitContext context =
          first_process(request.plan, request.opened, channel, {.begin = Begin::AtOnce, .options = request.options});
      init_main(context);
    }
    channel.send(Message::Process, text::join(first));
    sys::exit_now(0);
  } catch (Error& error) {
    channel.send_failure(error.within("prepare the namespaces of the first process"));
    sys::exit_now(kSetupFailed);
  }
}

// The stage has its own pid namespace's view only of itself: the number it sends is the one the runtime sees, since a joined
// pid namespace is entered by children alone.
pid_t converse(const StageRequest& request, pid_t stage) {
  const Channel& channel = request.channels.parent;
  if (request.cgroups.has_v1()) request.cgroups.join_v1(stage);
  // A stage that failed already is heard below.
  if (!request.plan.namespaces.creates(Type::User)) {
    try {
      channel.send(Message::Continue);
    } catch (const Error& error) {
      if (error.errno_value() != EPIPE && error.errno_value() != ECONNRESET) throw;
    }
  }
  for (;;) {
    const auto received = channel.receive();
    if (!received) throw Error(ErrorKind::Kernel, "the process that prepares the namespaces died");
    if (received->message == Message::Failure) throw decode_failure(std::as_bytes(std::span(received->data)));
    if (received->message == Message::Maps) {
      ns::write_maps(request.plan.id_maps, request.opened.proc.borrow(), stage);
      channel.send(Message::Continue);
    }
    if (received->message != Message::Process) continue;
    const auto pid = text::parse_number<pid_t>(received->data);
    if (!pid) throw Error(ErrorKind::Kernel, "the process that prepares the namespaces named no process");
    return *pid;
  }
}

}  // namespace

pid_t make_by_stage(const StageRequest& request) {
  auto cloned = sys::clone_with_pidfd(0, request.cgroups.v2());
  if (!cloned.ok()) throw_clone_failure(kFirstProcess, cloned.err(), false);
  const sys::Cloned stage = std::move(cloned).value();
  if (stage.pid == 0) {
    request.channels.parent.close();
    stage_main(request);
  }
  try {
    const pid_t first = converse(request, stage.pid);
    sys::wait_for(stage.process).or_throw("wait for the process that prepares the namespaces");
    return first;
  } catch (...) {
    static_cast<void>(sys::send_signal(stage.process, SIGKILL));
    static_cast<void>(sys::wait_for(stage.process));
    throw;
  }
}

}  // namespace caisson::launch
