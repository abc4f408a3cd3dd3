// The user namespaces by which the ids of bind mounts are mapped: made or found in the runtime, before the clone, one for equal
// maps. With the mount's own maps, else those of the container's user namespace. A source that lies in the container is there
// only after the clone, and so is the namespace for it.
#pragma once

#include <optional>
#include <vector>

#include "launch/init_context.hpp"
#include "mount/mount_step.hpp"
#include "plan/plan.hpp"
#include "sys/fd.hpp"

namespace caisson::launch {

class MountIdMaps {
 public:
  // Both must outlive the object.
  MountIdMaps(const plan::Plan& plan, const Opened& opened) : plan_(plan), opened_(opened) {}

  static bool needed(const plan::Plan& plan);
  // Before any source is opened: that would fail first, and say less.
  static void refuse_ordinary_user(const plan::Plan& plan);
  // The child opens the source and has the runtime map its ids (Message::MountIds): it may have no right to.
  static bool mapped_on_demand(const mount::MountStep& step) noexcept {
    return step.idmap != mount::IdMapping::None && step.is_bind_of(mount::SourceTree::Container);
  }
  // Nothing for a mount without an id mapping; valid as long as this object.
  std::optional<sys::BorrowedFd> of(const mount::MountStep& step);

 private:
  struct Made {
    const std::vector<spec::IdMapping>&uids, &gids;
    sys::NamespaceFd fd;
  };
  sys::BorrowedFd by_maps(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids);

  const plan::Plan& plan_;
  const Opened& opened_;
  std::vector<Made> made_;
};

}  // namespace caisson::launch
