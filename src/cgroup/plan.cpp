#include "cgroup/plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cgroup/device_program.hpp"

namespace caisson::cgroup {
namespace {

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

// Each part is cleaned on its own, so that ".." of the wish never leaves the place it is relative to.
std::string join_clean(std::string_view base, std::string_view wish) {
  std::string path = text::clean_path(text::join("/", base, "/", text::clean_path(text::join("/", wish))));
  path.erase(0, path.find_first_not_of('/'));
  return path;
}

class Placement {
 public:
  Placement(const CgroupWish& wish) : path_(wish.cgroups_path.empty() ? wish.container_id : wish.cgroups_path) {
    if (path_.find('\0') != std::string_view::npos || path_.find('\n') != std::string_view::npos)
      throw Error(ErrorKind::Spec, text::join("linux.cgroupsPath: ", text::quoted(path_), " holds a newline or a NUL"));
    if (join_clean("", path_).empty())
      throw Error(ErrorKind::Spec, text::join("linux.cgroupsPath: ", text::quoted(path_), " is the root of the cgroup tree"))
          .with_hint("a container needs a cgroup of its own, as \"/caisson/NAME\"");
  }

  Place in(const Hierarchy& hierarchy, std::string_view relative_base) const {
    const bool absolute = path_.starts_with('/');
    return {hierarchy.mount_point, join_clean(absolute ? std::string_view() : relative_base, path_), hierarchy.controllers};
  }

 private:
  std::string_view path_;
};

void plan_devices(CgroupPlan& plan, std::span<const spec::DeviceRule> rules) {
  const DeviceTable table = make_device_table(rules);
  if (table.allows_everything()) return;
  if (std::ranges::any_of(plan.v1, [](const Place& place) { return place.has_controller("devices"); }))
    plan.device_writes = v1_device_writes(table);
  else if (plan.v2)
    plan.device_program = device_program(table);
  else if (!plan.ignore_denied_devices)
    throw Error(ErrorKind::Host, "linux.resources.devices: no mounted cgroup hierarchy can limit the access to devices");
}

}  // namespace

std::vector<Place> CgroupPlan::places() const {
  std::vector<Place> all;
  if (v2) all.push_back(*v2);
  all.insert(all.end(), v1.begin(), v1.end());
  return all;
}

CgroupPlan plan_cgroup(const CgroupWish& wish, const CgroupFacts& facts) {
  if (wish.driver == Driver::Disabled) return {};
  if (wish.driver == Driver::Systemd)
    throw Error(ErrorKind::Host, "the systemd cgroup driver comes with a later release")
        .with_hint("leave out --systemd-cgroup to let caisson-oci make the cgroups itself");
  const bool rootless = wish.privilege == Privilege::Rootless;
  CgroupPlan plan{
      .mode = facts.mode, .ignore_denied = rootless && wish.cgroups_path.empty(), .ignore_denied_devices = rootless};
  if (facts.mode == Mode::None) {
    if (plan.ignore_denied) return plan;
    throw Error(ErrorKind::Host, "no cgroup hierarchy is mounted")
        .with_hint("mount one (mount -t cgroup2 none /sys/fs/cgroup), or use --cgroup-manager=disabled");
  }
  const Placement placement(wish);
  // Only on pure v2 does the own cgroup hold processes that forbid children with controllers.
  if (facts.mode == Mode::V2) plan.v2 = placement.in(facts.v2, parent_of(facts.v2.own));
  if (facts.mode == Mode::Hybrid) plan.v2 = placement.in(facts.v2, facts.v2.own);
  for (const Hierarchy& hierarchy : facts.v1) plan.v1.push_back(placement.in(hierarchy, hierarchy.own));
  plan_devices(plan, wish.device_rules);
  return plan;
}

}  // namespace caisson::cgroup
