#include "launch/mount_id_maps.hpp"

#include <algorithm>

#include "ns/id_map.hpp"
#include "ns/mapped_namespace.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

std::string subject(const mount::MountStep& step) { return text::join("mounts[", step.index, "] on ", step.destination); }

bool same_maps(const std::vector<spec::IdMapping>& first, const std::vector<spec::IdMapping>& second) {
  return ns::map_text(first) == ns::map_text(second);
}

auto first_mapped(const plan::Plan& plan) {
  return std::ranges::find_if(plan.mounts, [](const auto& step) { return step.idmap != mount::IdMapping::None; });
}

}  // namespace

bool MountIdMaps::needed(const plan::Plan& plan) { return first_mapped(plan) != plan.mounts.end(); }

void MountIdMaps::refuse_ordinary_user(const plan::Plan& plan) {
  const auto mapped = first_mapped(plan);
  if (mapped == plan.mounts.end() || sys::effective_uid() == 0) return;
  throw Error(ErrorKind::Host, text::join(subject(*mapped), ": an ordinary user cannot map the ids of a mount"))
      .with_hint("the kernel lets only the owner of the filesystem do that: leave idmap and the mappings of the mount out");
}

std::optional<sys::BorrowedFd> MountIdMaps::of(const mount::MountStep& step) {
  if (step.idmap == mount::IdMapping::None) return std::nullopt;
  if (step.own_id_mappings) return by_maps(step.uid_mappings, step.gid_mappings);
  for (const ns::OpenNamespace& joined : opened_.joined)
    if (joined.type == ns::Type::User) return joined.fd.borrow();
  if (plan_.namespaces.creates(ns::Type::User)) return by_maps(plan_.id_maps.uids, plan_.id_maps.gids);
  throw Error(ErrorKind::Spec, text::join(subject(step), ": idmap needs uidMappings and gidMappings or a user namespace"));
}

sys::BorrowedFd MountIdMaps::by_maps(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids) {
  for (const Made& one : made_)
    if (same_maps(one.uids, uids) && same_maps(one.gids, gids)) return one.fd.borrow();
  made_.push_back({uids, gids, ns::make_mapped_namespace(uids, gids, opened_.proc.borrow())});
  return made_.back().fd.borrow();
}

}  // namespace caisson::launch
