#include "life/own_ids.hpp"

#include "base/error.hpp"
#include "host/facts.hpp"
#include "launch/own_user_namespace.hpp"
#include "request/id_maps.hpp"
#include "sys/process.hpp"

namespace caisson::life {

OwnIds enter_own_ids() {
  if (sys::effective_uid() == 0) return OwnIds::All;
  const host::HostFacts facts = host::probe_host(host::Groups{} | host::Group::Users);
  const host::UserNamespaceFacts users = facts.users.value_or(host::UserNamespaceFacts{});
  if (!users.forbidden_because.empty()) throw Error(ErrorKind::Host, users.forbidden_because);
  const request::IdMaps maps = request::choose_id_maps({}, facts);
  launch::enter_own_user_namespace(ns::plan_id_maps(
      maps.uids, maps.gids,
      {.uid = facts.euid, .gid = facts.egid, .privileged = false, .newuidmap = users.newuidmap, .newgidmap = users.newgidmap}));
  return maps.uids.size() > 1 ? OwnIds::All : OwnIds::RootOnly;
}

}  // namespace caisson::life
