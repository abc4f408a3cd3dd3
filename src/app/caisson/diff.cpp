// caisson diff: what a container has written, against what its root was made of.
#include <fcntl.h>

#include <algorithm>
#include <array>

#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/still_container.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "image/changes.hpp"
#include "image/layer_view.hpp"
#include "launch/side_process.hpp"
#include "life/inside.hpp"
#include "life/look.hpp"
#include "mount/made_places.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"

namespace caisson::app::human {
namespace {

// The layers of its image, from the top down; empty when it has none.
image::LayerView layers_of(const life::Record& record) {
  const std::string id = record.option_text("image");
  if (id.empty()) return {};
  const image::Store store = store_of(record, image::StoreUse::Look);
  std::vector<std::string> directories;
  for (const image::LayerRecord& layer : store.get(id).layers) directories.push_back(store.layer_directory(layer.key));
  std::ranges::reverse(directories);
  return image::LayerView(directories);
}

// What the mount table of the container says about an overlay: upperdir=/tmp/upper/usr.
std::string upper_name(const mount::MountInfo& mount) {
  if (mount.type != "overlay") return {};
  for (const std::string_view option : text::split(mount.super_options, ',')) {
    if (!option.starts_with("upperdir=")) continue;
    const std::size_t slash = option.rfind('/');
    const std::string_view above = option.substr(0, slash);
    return above.ends_with("upper") ? std::string(option.substr(slash + 1)) : std::string();
  }
  return {};
}

class Changes {
 public:
  Changes(sys::BorrowedFd written, std::string_view mountinfo, const image::LayerView& layers)
      : written_(written),
        layers_(layers),
        mounts_(mount::parse_mountinfo(mountinfo)),
        untouched_(mount::untouched_places(written)) {}

  std::vector<image::Change> all() {
    for (const mount::MountInfo& mount : mounts_)
      if (const std::string name = upper_name(mount); !name.empty() && name != "." && name != "..") add_overlay(mount, name);
    add("root", "", "user.overlay.opaque", [](const std::string&) { return std::nullopt; });
    std::ranges::sort(found_, [](const image::Change& a, const image::Change& b) {
      return std::ranges::lexicographical_compare(text::split(a.path, '/'), text::split(b.path, '/'));
    });
    return std::move(found_);
  }

 private:
  void add_overlay(const mount::MountInfo& mount, const std::string& name) {
    const bool users = mount.super_options.find("userxattr") != std::string::npos;
    const std::string prefix = mount.mount_point == "/" ? std::string() : mount.mount_point;
    add(text::join("upper/", name), prefix, users ? "user.overlay.opaque" : "trusted.overlay.opaque",
        [this](const std::string& path) { return below(path); });
  }

  void add(const std::string& upper, const std::string& prefix, const char* opaque,
           std::function<std::optional<sys::Status>(const std::string&)> below) {
    const auto directory = sys::open_at(written_, upper.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!directory.ok()) return;  // of an overlay that the container has made itself
    const auto made = [&](const std::string& path) { return is_made(path, text::join(upper, path.substr(prefix.size()))); };
    const image::ChangesOf what{.prefix = prefix, .opaque_attribute = opaque, .below = std::move(below), .is_made = made};
    std::ranges::move(image::changes(directory.value().borrow(), what), std::back_inserter(found_));
  }

  // A file of the host that may not be seen is there.
  std::optional<sys::Status> below(const std::string& path) const {
    if (!layers_.empty()) return layers_.find(path.substr(1));
    const auto status = sys::status_at(sys::kCwd, path.c_str());
    if (status.err() == ENOENT || status.err() == ENOTDIR) return std::nullopt;
    return status.ok() ? status.value() : sys::Status{};
  }

  bool is_made(const std::string& path, const std::string& place) const {
    constexpr std::array<std::string_view, 5> kFresh = {"/dev", "/proc", "/run", "/sys", "/tmp"};
    if (layers_.empty() && std::ranges::find(kFresh, path) != kFresh.end()) return true;
    // The view of the machine's root repeats its links.
    if (layers_.empty() && path.rfind('/') == 0 && below(path).value_or(sys::Status{}).is_link()) return true;
    return std::ranges::binary_search(untouched_, place);
  }

  sys::BorrowedFd written_;
  const image::LayerView& layers_;
  std::vector<mount::MountInfo> mounts_;
  std::vector<std::string> untouched_;
  std::vector<image::Change> found_;
};

}  // namespace

int diff(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  life::Entry entry = containers.find(invocation.operand(0));
  const life::Record record = entry.record;
  if (const std::string root = record.option_text("rootfs"); !root.empty())
    throw Error(ErrorKind::State,
                text::join("container ", record.name, " writes into its own root, ", root, ": nothing to compare with"))
        .with_hint("containers of images and of the machine's own root have a layer for what they write");
  const sys::UniqueFd written = life::open_written(containers.context(), entry);
  const image::LayerView layers = layers_of(record);
  std::optional<StillContainer> still;
  const pid_t pid = life::look(containers.context(), entry).pid;
  if (pid == 0) still.emplace(containers, std::move(entry));
  const life::View view = life::view_of(still ? still->pid() : pid);
  const auto user = view.user ? std::optional(view.user->borrow()) : std::nullopt;
  launch::SideProcess looks(user, [&] {
    std::string text;
    for (const image::Change& change : Changes(written.borrow(), view.mountinfo, layers).all())
      text +=
          text::join(std::string_view(reinterpret_cast<const char*>(&change.kind), 1), " ", text::printable(change.path), "\n");
    print_out(text);
  });
  if (const auto error = looks.outcome()) throw *error;
  return 0;
}

}  // namespace caisson::app::human
