// A throw-away copy-on-write view of the machine's own root, for containers without an image. Real root gets one overlay over
// "/"; in a user namespace the kernel refuses an overlay whose lower directory has mounts below it ("failed to clone
// lowerpath"), so each top-level directory gets one of its own. Further filesystems of the host (a separate /home) are laid
// over in the same way. Where no overlay is possible a read-only bind takes its place, and a note says so. Nothing on the host
// changes: all writing goes to a tmpfs that ends with the mount namespace, or to a layer on disk, with which a later view goes
// on. /proc /sys /dev /run /tmp are fresh and empty. In a user namespace the kernel lets nobody change files of ids that are
// not mapped: what others own can only be read there.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mount/image_volume.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {

// ImageLayers: not the host's root but an image's, with the same throw-away upper directory.
enum class HostViewKind : std::uint8_t { OneOverlay, OverlayPerDirectory, ImageLayers };
enum class HostEntryKind : std::uint8_t { Overlay, Link, EmptyDirectory, BindReadOnly };

struct HostViewEntry {
  HostEntryKind kind = HostEntryKind::Overlay;
  std::string path;              // "/usr"
  std::string link_target;       // Link
  std::uint64_t attributes = 0;  // MOUNT_ATTR_* that the host's mount has: nosuid, nodev, noexec stay
  std::uint32_t mode = 0755;     // EmptyDirectory
};

struct HostViewPlan {
  HostViewKind kind = HostViewKind::OneOverlay;
  std::string staging;     // an existing host directory that the tmpfs covers, in the container's mount namespace only
  std::string tmpfs_data;  // e.g. "mode=755,size=50%"
  std::uint64_t root_attributes = 0;  // OneOverlay
  std::vector<HostViewEntry> entries;
  std::vector<std::string> layers;   // ImageLayers: directories whose opaque marks are user.overlay.opaque, from the top down
  std::vector<ImageVolume> volumes;  // ImageLayers; those that lie in others behind them
  bool keeps_stage = false;          // HostView::stage is wanted; with a layer it always is there
  std::string layer;                 // an existing directory, which takes the place of the tmpfs; empty: there is none
  bool layer_passes = false;         // it goes with the container: nothing of it has to reach the disk
};

// What the host has at its top level.
struct HostTopEntry {
  std::string name;        // "usr"
  unsigned char type = 0;  // DT_DIR, DT_LNK, ...
  std::string link_target;
};

struct HostMount {
  std::string path;
  std::uint64_t attributes = 0;
};

struct HostViewFacts {
  bool user_namespace = false;
  std::string staging = "/tmp";
  std::vector<HostTopEntry> top;
  std::uint64_t root_attributes = 0;
  std::vector<HostMount> mounts;  // further real filesystems, outside the fresh directories, parents first
};

// Reads "/" and the text of /proc/self/mountinfo.
HostViewFacts read_host_view_facts(bool user_namespace, std::string_view mountinfo);
HostViewPlan plan_host_view(const HostViewFacts& facts);
// The same for an image: one overlay of its layers.
HostViewPlan plan_image_view(std::vector<std::string> layers, std::vector<ImageVolume> volumes = {});

struct HostView {
  sys::RootDir root;               // the root of a mount, attached: pivot_into works
  std::vector<std::string> notes;  // what is read-only or missing, one sentence each
  // The tmpfs, or the layer, that takes all writing: upper/NAME for each overlay, root/ for what lies in none. Its mount is
  // gone once the root is entered; who has this sees what the container changed.
  sys::UniqueFd stage;
};
// In the child, in its own mount namespace with private or slave propagation. Instead of attach_root. Changes the current
// directory. layer: a copy of the plan's, by a runtime with more rights; invalid: it is opened here.
HostView build_host_view(const HostViewPlan& plan, sys::MountFd layer = {});
// A detached mount of the plan's layer, for the same mount namespace.
sys::MountFd clone_layer(const HostViewPlan& plan);

}  // namespace caisson::mount
