#include "mount/host_view.hpp"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "mount/mountinfo.hpp"
#include "mount/options.hpp"
#include "sys/mount.hpp"
#include "sys/tree.hpp"

namespace caisson::mount {
namespace {

struct FreshDirectory {
  std::string_view path;
  std::uint32_t mode;
};
constexpr std::array<FreshDirectory, 5> kFresh = {
    {{"/dev", 0755}, {"/proc", 0555}, {"/run", 0755}, {"/sys", 0555}, {"/tmp", 01777}}};

bool is_at_or_below(std::string_view path, std::string_view top) {
  return path == top || (path.starts_with(top) && path.size() > top.size() && path[top.size()] == '/');
}

bool is_fresh(std::string_view path) {
  return std::ranges::any_of(kFresh, [path](const FreshDirectory& fresh) { return is_at_or_below(path, fresh.path); });
}

// In the data of mount(2) a comma ends an option and a colon a lower layer: overlayfs undoes a backslash before either.
std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '\\' || c == ',' || c == ':') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// A suid program or device node that the host's mount disarms must not come alive in its view.
std::uint64_t kept_attributes(std::string_view options) {
  using namespace sys::abi;
  std::uint64_t kept = 0;
  for (const std::string_view option : text::split(options, ',')) {
    if (option == "nosuid") kept |= kMountAttrNosuid;
    if (option == "nodev") kept |= kMountAttrNodev;
    if (option == "noexec") kept |= kMountAttrNoexec;
  }
  return kept;
}

std::string flat_name(std::string_view path) {  // "/srv/data" -> "srv+data": one upper directory for each overlay
  std::string out(path.substr(1));
  std::ranges::replace(out, '/', '+');
  return out.empty() ? "root" : out;
}

class Builder {
 public:
  Builder(const HostViewPlan& plan, sys::MountFd layer) : plan_(plan), layer_(std::move(layer)) {}

  HostView build() {
    // Before the staging directory is covered: the layers may lie below it.
    for (const std::string& layer : plan_.layers)
      layers_.push_back(sys::open_at(sys::kCwd, layer.c_str(), O_PATH | O_DIRECTORY).or_throw("open layer ", layer));
    stage();
    const auto bare = sys::open_at(stage_.borrow(), "root", O_PATH | O_DIRECTORY).or_throw("open the view of the host");
    if (plan_.kind == HostViewKind::ImageLayers) {
      lay_layers();
    } else if (plan_.kind == HostViewKind::OneOverlay) {
      prepare_upper("/");
      for (const HostViewEntry& entry : plan_.entries)
        if (entry.kind == HostEntryKind::EmptyDirectory) hide_in_upper(entry);
      lay_over("/", plan_.root_attributes, bare.borrow()).or_throw("lay an overlay over the host's root");
    } else {
      // pivot_root wants a mount of its own.
      const sys::MountFd own = sys::clone_tree(bare.borrow(), "", false).or_throw("copy the view of the host");
      sys::attach_mount(own, bare.borrow()).or_throw("mount the view of the host");
    }
    view_.root =
        sys::RootDir(sys::open_at(stage_.borrow(), "root", O_PATH | O_DIRECTORY).or_throw("open the view of the host"));
    for (const HostViewEntry& entry : plan_.entries) add(entry);
    if (!plan_.volumes.empty()) make_dir(kVolumes, 0755);
    for (const ImageVolume& volume : plan_.volumes) mount_volume(volume, view_.root, stage_.borrow());
    if (!plan_.layer.empty() && !goes_on_) make_dir(kWhole, 0700);
    if (plan_.keeps_stage || !plan_.layer.empty()) view_.stage = std::move(stage_);
    return std::move(view_);
  }

 private:
  // In a layer it says that everything there was once made: from then on owners, modes and links are the container's.
  static constexpr const char* kWhole = "whole";

  // A tmpfs over the staging directory, or the layer, seen in this mount namespace only, holds all that the container writes.
  void stage() {
    if (plan_.layer.empty()) {
      sys::mount("caisson", plan_.staging.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, plan_.tmpfs_data.c_str())
          .or_throw("mount a tmpfs on ", plan_.staging);
    } else {
      if (!layer_.valid()) layer_ = clone_layer(plan_);
      sys::attach_mount_at(layer_, sys::kCwd, plan_.staging.c_str()).or_throw("mount ", plan_.layer, " on ", plan_.staging);
    }
    stage_ =
        sys::open_at(sys::kCwd, plan_.staging.c_str(), O_PATH | O_DIRECTORY).or_throw("open staging directory ", plan_.staging);
    goes_on_ = !plan_.layer.empty() && sys::status_at(stage_.borrow(), kWhole).ok();
    for (const char* name : {"upper", "scratch", "root"}) make_dir(name, 0755);
    if (plan_.kind != HostViewKind::OneOverlay) look_for_attributes();
  }

  // With "userxattr" overlays mark opaque directories by attributes of users, which tmpfs has since Linux 6.6 only.
  void look_for_attributes() {
    const auto marked = sys::set_extended_attribute(sys::path_below(stage_.borrow(), "upper").c_str(), "user.caisson", "y");
    if (marked.err() == EOPNOTSUPP)
      view_.notes.emplace_back(
          "directories that the root had before cannot be removed: what is written lies on a file system without extended "
          "attributes of users (tmpfs has them since Linux 6.6)");
  }

  // Since Linux 5.10: the end of an overlay waits for the disk otherwise.
  std::string_view durability() const { return plan_.layer_passes ? ",volatile" : ""; }

  // Whether its attributes are still to be set: what a layer has already is the container's, unless its making was cut off.
  bool make_dir(const std::string& name, mode_t mode) {
    const auto made = sys::make_dir(stage_.borrow(), name.c_str(), mode);
    const bool there = made.err() == EEXIST && !plan_.layer.empty();
    if (made.ok() || there) return !(there && goes_on_);
    Error error(ErrorKind::Kernel, text::join("make ", plan_.staging, "/", name), made.err());
    if (made.err() == EACCES && !plan_.layer.empty())
      error.with_hint(
          text::join("root of the container must be able to write to ", plan_.layer, "; with --rm nothing is kept"));
    throw error;
  }

  // The data of mount(2) is one page: each layer is a short link to the descriptor that is held. Every kernel with overlayfs in
  // user namespaces takes that, also where fsconfig(2) knows no `lowerdir+` (before 6.8).
  void lay_layers() {
    make_dir("l", 0755);
    std::string data = "lowerdir=";
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const std::string link = text::join("l/", i);
      if (!plan_.layer.empty()) static_cast<void>(sys::unlink_at(stage_.borrow(), link.c_str()));  // of the run before
      sys::make_symlink(text::join("/proc/self/fd/", layers_[i].get()).c_str(), stage_.borrow(), link.c_str())
          .or_throw("name layer ", plan_.layers[i]);
      data += text::join(i == 0 ? "" : ":", link);
    }
    prepare_upper("/", sys::status_of_fd(layers_.at(0).borrow()).or_throw("examine layer ", plan_.layers[0]));
    sys::change_dir(stage_.borrow()).or_throw("enter ", plan_.staging);
    data += text::join(",upperdir=upper/root,workdir=scratch/root,userxattr", durability());
    const auto laid = sys::mount("overlay", "root", "overlay", 0, data.c_str());
    if (laid.ok()) return;
    Error error(ErrorKind::Host, text::join("lay the ", layers_.size(), " layers of the image over each other"), laid.err());
    if (laid.err() == ENODEV) error.with_hint("this kernel has no overlayfs: load the module overlay");
    if (laid.err() == EINVAL)
      error.with_hint("the kernel's log says why; a store that lies on an overlay itself is a common reason");
    if (laid.err() == EBUSY) error.with_hint("somebody still uses what the container has written: try again in a moment");
    throw error;
  }

  // The upper directory is what the merged one shows as owner and mode.
  void prepare_upper(const std::string& lower) {
    prepare_upper(lower, sys::status_at(sys::kCwd, lower.c_str()).or_throw("examine ", lower));
  }

  void prepare_upper(const std::string& lower, const sys::Status& status) {
    const std::string upper = text::join("upper/", flat_name(lower)), work = text::join("scratch/", flat_name(lower));
    const bool is_new = make_dir(upper, 0755);
    make_dir(work, 0700);
    if (!is_new) return;
    // An id that the user namespace does not map stays the container's root.
    const auto owned = sys::change_owner_at(stage_.borrow(), upper.c_str(), status.uid, status.gid);
    if (!owned.ok() && owned.err() != EINVAL && owned.err() != EPERM)
      throw Error(ErrorKind::Kernel, text::join("set the owner of the view of ", lower), owned.err());
    sys::change_mode_at(stage_.borrow(), upper.c_str(), status.mode & 07777).or_throw("set the mode of the view of ", lower);
  }

  // An opaque directory in the upper layer shows nothing of the one below: no mount is needed to hide it.
  void hide_in_upper(const HostViewEntry& entry) {
    const std::string name = text::join("upper/", flat_name("/"), entry.path);
    if (!make_dir(name, 0755)) return;
    sys::change_mode_at(stage_.borrow(), name.c_str(), entry.mode).or_throw("set the mode of ", name);
    sys::set_extended_attribute(text::join(plan_.staging, "/", name).c_str(), "trusted.overlay.opaque", "y")
        .or_throw("hide ", entry.path, " of the host");
  }

  sys::SysStatus lay_over(const std::string& lower, std::uint64_t attributes, sys::BorrowedFd target) {
    sys::change_dir(target).or_throw("enter the view of ", lower);
    const std::string layer = flat_name(lower);
    std::string data =
        text::join("lowerdir=", escaped(lower), ",upperdir=", escaped(text::join(plan_.staging, "/upper/", layer)),
                   ",workdir=", escaped(text::join(plan_.staging, "/scratch/", layer)));
    if (plan_.kind == HostViewKind::OverlayPerDirectory) data += ",userxattr";
    data += durability();
    return sys::mount("overlay", ".", "overlay", mount_flags_of(attributes), data.c_str());
  }

  void add(const HostViewEntry& entry) {
    switch (entry.kind) {
      case HostEntryKind::Overlay:
        return add_overlay(entry);
      case HostEntryKind::BindReadOnly:
        return bind_readonly(entry, "");
      case HostEntryKind::Link:
        return add_link(entry);
      case HostEntryKind::EmptyDirectory:
        if (plan_.kind == HostViewKind::OverlayPerDirectory) add_empty(entry);
        return;
    }
  }

  void add_link(const HostViewEntry& entry) {
    if (goes_on_) return;
    const auto made = view_.root.make_symlink(entry.link_target.c_str(), entry.path);
    const bool cut_off = made.err() == EEXIST && !plan_.layer.empty();  // while it was made
    if (!made.ok() && !cut_off)
      throw Error(ErrorKind::Kernel, text::join("link ", entry.path, " in the view of the host"), made.err());
  }

  void add_overlay(const HostViewEntry& entry) {
    const auto host = sys::open_at(sys::kCwd, entry.path.c_str(), O_RDONLY | O_DIRECTORY);
    if (host.err() == ENOENT) return;  // a mount point that another mount hides
    if (host.err() == ENOTDIR) return bind_readonly(entry, "");
    if (!host.ok()) {
      view_.notes.push_back(text::join(entry.path, " is empty: it cannot be read on the host: ", errno_text(host.err())));
      return add_empty({.kind = HostEntryKind::EmptyDirectory, .path = entry.path, .link_target = {}});
    }
    prepare_upper(entry.path);
    const auto target = view_.root.make_dirs(entry.path, 0755).or_throw("make ", entry.path, " in the view of the host");
    const auto laid = lay_over(entry.path, entry.attributes, target.borrow());
    if (!laid.ok()) bind_readonly(entry, text::join(" (", errno_text(laid.err()), ")"));
  }

  void bind_readonly(const HostViewEntry& entry, std::string_view why) {
    const sys::Status status = sys::status_at(sys::kCwd, entry.path.c_str()).or_throw("examine ", entry.path, " of the host");
    auto place = status.is_dir() ? view_.root.make_dirs(entry.path, 0755) : view_.root.make_file(entry.path, 0644);
    const auto target = std::move(place).or_throw("make ", entry.path, " in the view of the host");
    const auto copy = sys::clone_tree_with(sys::kCwd, entry.path.c_str(), true, {.attr_set = sys::abi::kMountAttrRdonly});
    if (!copy.ok()) {
      view_.notes.push_back(text::join(entry.path, " is empty: an overlay is not possible there", why, ", and a bind neither (",
                                       errno_text(copy.err()), ")"));
      return;
    }
    sys::attach_mount(copy.value(), target.borrow()).or_throw("bind ", entry.path, " into the view of the host");
    const std::string_view reason = status.is_dir() ? "an overlay is not possible there" : "it is a single file";
    view_.notes.push_back(text::join(entry.path, " is read-only: ", reason, why));
  }

  void add_empty(const HostViewEntry& entry) {
    const auto made = view_.root.make_dirs(entry.path, 0755).or_throw("make ", entry.path, " in the view of the host");
    if (goes_on_) return;
    sys::change_dir(made.borrow()).or_throw("enter ", entry.path, " in the view of the host");
    sys::change_mode_at(sys::kCwd, ".", entry.mode).or_throw("set the mode of ", entry.path);
  }

  const HostViewPlan& plan_;
  sys::MountFd layer_;
  bool goes_on_ = false;  // with a layer that was whole before
  std::vector<sys::UniqueFd> layers_;
  sys::UniqueFd stage_;
  HostView view_;
};

bool holds_files(const MountInfo& mount) {  // not what the kernel makes up: cgroup, debugfs, nsfs, ...
  constexpr std::array<std::string_view, 20> kMadeUp = {
      "proc",   "sysfs", "devtmpfs",  "devpts",   "mqueue",  "cgroup", "cgroup2", "securityfs", "debugfs",  "tracefs",
      "pstore", "bpf",   "hugetlbfs", "configfs", "fusectl", "nsfs",   "autofs",  "rpc_pipefs", "efivarfs", "binfmt_misc"};
  return std::ranges::find(kMadeUp, mount.type) == kMadeUp.end();
}

}  // namespace

HostViewFacts read_host_view_facts(bool user_namespace, std::string_view mountinfo) {
  HostViewFacts facts{.user_namespace = user_namespace, .staging = "/tmp", .top = {}, .mounts = {}};
  const auto root = sys::open_at(sys::kCwd, "/", O_RDONLY | O_DIRECTORY).or_throw("open the host's root");
  for (sys::DirEntry& entry : sys::list_dir(root.borrow()).or_throw("list the host's root")) {
    HostTopEntry top{.name = std::move(entry.name), .type = entry.type, .link_target = {}};
    if (top.type == DT_LNK) top.link_target = sys::read_link(root.borrow(), top.name.c_str()).or_throw("read link /", top.name);
    facts.top.push_back(std::move(top));
  }
  for (MountInfo& mount : parse_mountinfo(mountinfo)) {
    const std::uint64_t attributes = kept_attributes(mount.options);
    if (mount.mount_point == "/") facts.root_attributes = attributes;
    if (mount.mount_point == "/" || !holds_files(mount) || is_fresh(mount.mount_point)) continue;
    const auto covered = std::ranges::find(facts.mounts, mount.mount_point, &HostMount::path);
    if (covered != facts.mounts.end()) {
      covered->attributes = attributes;  // the later one lies on top
    } else {
      facts.mounts.push_back({std::move(mount.mount_point), attributes});
    }
  }
  return facts;
}

HostViewPlan plan_host_view(const HostViewFacts& facts) {
  HostViewPlan plan{.kind = facts.user_namespace ? HostViewKind::OverlayPerDirectory : HostViewKind::OneOverlay,
                    .staging = facts.staging,
                    .tmpfs_data = "mode=755",
                    .root_attributes = facts.root_attributes,
                    .entries = {},
                    .layers = {},
                    .volumes = {}};
  const auto add = [&plan](HostViewEntry entry) {
    const auto same = std::ranges::find(plan.entries, entry.path, &HostViewEntry::path);
    if (same == plan.entries.end()) {
      plan.entries.push_back(std::move(entry));
    } else {
      same->attributes = entry.attributes;  // a top-level directory with a filesystem of its own
    }
  };
  for (const HostTopEntry& top : facts.top) {
    HostViewEntry entry{.kind = HostEntryKind::Overlay, .path = text::join("/", top.name), .link_target = top.link_target};
    if (!facts.user_namespace || is_fresh(entry.path)) continue;
    entry.attributes = facts.root_attributes;
    if (top.type == DT_LNK) entry.kind = HostEntryKind::Link;
    if (top.type == DT_REG) entry.kind = HostEntryKind::BindReadOnly;
    if (top.type == DT_DIR || top.type == DT_LNK || top.type == DT_REG) add(std::move(entry));
  }
  for (const auto& [path, mode] : kFresh)
    add({.kind = HostEntryKind::EmptyDirectory, .path = std::string(path), .link_target = {}, .attributes = 0, .mode = mode});
  for (const auto& [path, attributes] : facts.mounts)
    add({.kind = HostEntryKind::Overlay, .path = path, .link_target = {}, .attributes = attributes});
  return plan;
}

HostViewPlan plan_image_view(std::vector<std::string> layers, std::vector<ImageVolume> volumes) {
  return {.kind = HostViewKind::ImageLayers,
          .staging = "/tmp",
          .tmpfs_data = "mode=755",
          .root_attributes = 0,
          .entries = {},
          .layers = std::move(layers),
          .volumes = std::move(volumes)};
}

HostView build_host_view(const HostViewPlan& plan, sys::MountFd layer) { return Builder(plan, std::move(layer)).build(); }

sys::MountFd clone_layer(const HostViewPlan& plan) {
  using namespace sys::abi;
  return sys::clone_tree_with(sys::kCwd, plan.layer.c_str(), false, {.attr_set = kMountAttrNosuid | kMountAttrNodev})
      .or_throw("open what the container has written, ", plan.layer);
}

}  // namespace caisson::mount
