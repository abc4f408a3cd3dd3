#include "launch/stage.hpp"

#include <linux/sched.h>
#include <sys/prctl.h>

#include <cerrno>

#include "launch/clone_result.hpp"
#include "launch/init_steps.hpp"
#include "launch/wire.hpp"
#include "ns/id_map.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"
#endif

namespace caisson::launch {
namespace {

using ns::Type;

// Of Opened::progress. The number of the first process as the runtime sees it, since a joined pid namespace is entered by
// children alone; 0 until it exists.
constexpr std::size_t kFirstPidWord = 1;

// Whoever is in a user namespace of the container has no rights any more over what belongs to the one around it, as the network
// namespace of an engine may. What cannot be entered yet is entered later. Returns CLONE_NEW* of what has been.
std::uint64_t enter_from_outside(const StageRequest& request) {
  std::uint64_t entered = 0;
  if (!request.plan.namespaces.own(Type::User)) return entered;
  for (const ns::OpenNamespace& target : request.opened.joined) {
    const std::uint64_t flag = ns::kind_of(target.type).flag;
    if (target.type != Type::User && sys::set_namespace(target.fd.borrow(), flag).ok()) entered |= flag;
  }
  return entered;
}

// Adds to what has been entered.
void enter_user_and_pid(const StageRequest& request, std::uint64_t& entered) {
  for (const ns::OpenNamespace& target : request.opened.joined) {
    const std::uint64_t flag = ns::kind_of(target.type).flag;
    if ((target.type != Type::User && target.type != Type::Pid) || (flag & entered) != 0) continue;
    ns::enter(target);
    entered |= flag;
  }
  if (!request.plan.namespaces.creates(Type::User)) return;
  if (const auto made = sys::unshare(ns::kind_of(Type::User).flag); !made.ok())
    throw Error(ErrorKind::Kernel, "create a user namespace", made.err()).with_hint(clone_hint(made.err(), true));
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

// CLONE_PARENT takes the exit signal of this process, so none is given. The kernel itself leaves the number in the shared page:
// a stage that is killed right after this call cannot tell it any more.
pid_t clone_sibling(const StageRequest& request) {
  const std::uint64_t pid_flag = request.plan.namespaces.created & ns::kind_of(Type::Pid).flag;
  const auto cloned =
      sys::clone_process({.flags = CLONE_PARENT | CLONE_PARENT_SETTID | pid_flag,
                          .parent_tid = reinterpret_cast<std::uint64_t>(&request.opened.progress[kFirstPidWord])});
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
    request.cgroups.enter_v1();  // its children are born there
    std::uint64_t entered = enter_from_outside(request);
    enter_user_and_pid(request, entered);
    channel.expect(Message::Continue);
    make_time_namespace(request);
    if (clone_sibling(request) == 0) {
      InitContext context =
          first_process(request.plan, request.opened, channel, {.begin = Begin::AtOnce, .options = request.options});
      context.entered = entered;
      init_main(context);
    }
    sys::exit_now(0);
  } catch (Error& error) {
    channel.send_failure(error.within("prepare the namespaces of the first process"));
    sys::exit_now(kSetupFailed);
  }
}

// Gives the stage what it waits for. A stage that failed or died meanwhile is asked about later.
void serve(const StageRequest& request, pid_t stage) {
  const Channel& channel = request.channels.parent;
  if (request.plan.namespaces.creates(Type::User)) {
    const auto received = channel.receive();
    if (received && received->message == Message::Failure) throw decode_failure(std::as_bytes(std::span(received->data)));
    if (!received) return;
    ns::write_maps(request.plan.id_maps, request.opened.proc.borrow(), stage);
  }
  try {
    channel.send(Message::Continue);
  } catch (const Error& error) {
    if (error.errno_value() != EPIPE && error.errno_value() != ECONNRESET) throw;
  }
}

// Nobody but the stage had the other end, so what it said is followed by the end of file.
[[noreturn]] void throw_its_failure(const StageRequest& request, const sys::ExitStatus& ended) {
  while (const auto received = request.channels.parent.receive())
    if (received->message == Message::Failure) throw decode_failure(std::as_bytes(std::span(received->data)));
  throw Error(ErrorKind::Kernel, "the process that prepares the namespaces " + process::end_in_words(ended));
}

}  // namespace

pid_t make_by_stage(const StageRequest& request) {
  auto cloned = sys::clone_with_pidfd(0, request.cgroups.v2());
  if (!cloned.ok()) throw_clone_failure(kFirstProcess, cloned.err(), false);
  const sys::Cloned stage = std::move(cloned).value();
  if (stage.pid == 0) {
    request.channels.parent.close_number();
    stage_main(request);
  }
  // Ours would keep the conversation open after the death of the stage.
  request.channels.child.close();
  try {
    serve(request, stage.pid);
  } catch (...) {
    sys::end_child(stage.pid, stage.process);
    throw;
  }
  const auto ended = sys::wait_for(stage.process).or_throw("wait for the process that prepares the namespaces");
  // What the first process says meanwhile stays in the socket for LaunchedProcess::hear.
  const std::uint32_t first = request.opened.progress[kFirstPidWord];
  if (first == 0) throw_its_failure(request, ended);
  return static_cast<pid_t>(first);
}

}  // namespace caisson::launch
