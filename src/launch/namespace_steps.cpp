#include <sys/prctl.h>

#include <cerrno>

#include "cgroup/guard.hpp"
#include "launch/container_steps.hpp"
#include "net/loopback.hpp"
#include "process/keyring.hpp"
#include "sys/netdevice.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;

bool maps_root(const std::vector<spec::IdMapping>& map) {
  for (const spec::IdMapping& line : map)
    if (line.container_id == 0) return true;
  return false;
}

// Root of the new user namespace, where the maps have one; else the capabilities over it are enough for what follows.
void take_root_ids(const plan::Plan& plan) {
  const bool joined = plan.namespaces.joins(Type::User);
  if (joined || maps_root(plan.id_maps.gids)) sys::set_group(0).or_throw("become group 0 of the user namespace");
  if (joined || maps_root(plan.id_maps.uids)) sys::set_user(0).or_throw("become user 0 of the user namespace");
}

}  // namespace

void become_root(InitContext& context) {
  // The runtime may die at any time until the record is written; nothing of the container must outlive it.
  sys::process_control(PR_SET_PDEATHSIG, SIGKILL).or_throw("ask to end with the runtime");
  if (context.groups != nullptr) context.groups->enter_v1();
  if (context.begin == Begin::WhenTold) context.process.channel.expect(Message::Continue);
  if (context.plan.namespaces.own(Type::User)) {
    take_root_ids(context.plan);
    sys::process_control(PR_SET_PDEATHSIG, SIGKILL).or_throw("ask to end with the runtime");  // a change of user clears it
  }
  // Only now: an unprivileged runtime could not have written the maps of a process that is not dumpable.
  sys::process_control(PR_SET_DUMPABLE, 0).or_throw("forbid tracing");
}

void join_namespaces(InitContext& context) {
  for (const ns::OpenNamespace& target : context.opened.joined)
    if ((ns::kind_of(target.type).flag & context.entered) == 0) ns::enter(target);
}

void create_namespaces(InitContext& context) {
  // A time namespace was made by the stage.
  constexpr std::uint64_t kThere = ns::kMadeByClone | ns::kind_of(Type::Time).flag;
  std::uint64_t flags = context.plan.namespaces.created & ~kThere;
  const bool own_network = context.plan.network == plan::NetworkMaker::Child;
  if (!own_network) flags &= ~ns::kind_of(Type::Network).flag;
  if (flags != 0) {
    const auto made = sys::unshare(flags);
    if (made.err() == ENOSPC)
      throw Error(ErrorKind::Kernel, "create namespaces", ENOSPC)
          .with_hint("a limit in /proc/sys/user/max_*_namespaces is reached");
    if (!made.ok()) throw Error(ErrorKind::Kernel, "create namespaces", made.err());
  }
  if (!own_network) return;
  const sys::UniqueFd socket = sys::make_datagram_socket().or_throw("make a socket in the new network namespace");
  net::bring_loopback_up(socket.borrow());
}

// While the runtime makes the network namespace, which takes longer.
void limit_devices(InitContext& context) {
  if (context.options.device_limits != nullptr) context.options.device_limits->limit_devices(context.plan.cgroup);
}

void join_session_keyring(InitContext& context) {
  if (context.plan.session_keyring.empty()) return;
  const bool other_owner = context.plan.namespaces.own(Type::User);
  process::join_session_keyring(context.plan.session_keyring,
                                other_owner ? process::KeySearch::ByOthers : process::KeySearch::ByOwner);
}

}  // namespace caisson::launch
