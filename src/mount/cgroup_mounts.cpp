#include "mount/cgroup_mounts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::mount {
namespace {

using sys::abi::kMountAttrRdonly;

bool must_be_readonly(const MountContext& context) { return context.user_namespace && !context.cgroup_namespace; }

void make_readonly(AttributeChange& change) {
  change.set |= kMountAttrRdonly;
  change.clear &= ~kMountAttrRdonly;
}

MountStep plan_unified(MountStep step, const MountContext& context) {
  const CgroupView& view = context.cgroup;
  const std::string& own = view.unified_directory.empty() ? view.unified_root : view.unified_directory;
  if (must_be_readonly(context)) make_readonly(step.mount);
  if (context.cgroup_namespace) {
    step.kind = StepKind::NewFilesystem;
    step.type = step.source = "cgroup2";
    step.fallback_bind = own;
    step.fallback_attributes = step.mount;
    return step;
  }
  step.kind = StepKind::Bind;
  step.type = "bind";
  step.source = context.user_namespace ? own : view.unified_root;
  return step;
}

MountStep bind_of(const MountStep& frame, const std::string& name, const std::string& directory) {
  MountStep step;
  step.index = frame.index;
  step.kind = StepKind::Bind;
  step.type = "bind";
  step.destination = text::join(frame.destination, "/", name);
  step.source = directory;
  step.mount = frame.mount;
  return step;
}

std::vector<MountStep> plan_version_one(MountStep frame, const MountContext& context) {
  if (must_be_readonly(context)) make_readonly(frame.mount);
  std::vector<MountStep> steps(1);
  for (const CgroupHierarchy& hierarchy : context.cgroup.hierarchies) {
    steps.push_back(bind_of(frame, hierarchy.name, hierarchy.directory));
    for (const std::string& alias : hierarchy.aliases)
      if (alias != hierarchy.name) frame.links.emplace_back(alias, hierarchy.name);
  }
  if (!context.cgroup.unified_directory.empty()) steps.push_back(bind_of(frame, "unified", context.cgroup.unified_directory));
  frame.kind = StepKind::NewFilesystem;
  frame.type = "tmpfs";
  frame.source = "cgroup";
  frame.data = {"mode=755"};
  if (!context.mount_label.empty()) frame.data.push_back(text::join("context=\"", context.mount_label, "\""));
  frame.readonly_at_end = (frame.mount.set & kMountAttrRdonly) != 0;
  frame.mount.set &= ~kMountAttrRdonly;
  steps.front() = std::move(frame);
  return steps;
}

}  // namespace

std::vector<MountStep> plan_cgroup_mount(MountStep step, std::string_view type, const MountContext& context) {
  const CgroupMode mode = context.cgroup.mode;
  if (mode == CgroupMode::None)
    throw Error(ErrorKind::Host,
                text::join("mounts[", step.index, "]: this machine has no cgroup filesystem to show on ", step.destination))
        .with_hint("remove the cgroup mount from the config or mount cgroup2 on /sys/fs/cgroup");
  if (mode == CgroupMode::V2 || type == "cgroup2") return alone(plan_unified(std::move(step), context));
  return plan_version_one(std::move(step), context);
}

}  // namespace caisson::mount
