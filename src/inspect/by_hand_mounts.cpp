// The mounts of a process by mount(8). Where it has the caller's root, what is there is kept, taken away or added; where it has
// a root of its own, that is built at $new and moved into by pivot_root(8).
#include <algorithm>
#include <optional>

#include "base/printable.hpp"
#include "base/text.hpp"
#include "inspect/by_hand.hpp"
#include "inspect/by_hand_filesystems.hpp"
#include "inspect/rows.hpp"

namespace caisson::inspect {
namespace {

using Mounts = std::vector<mount::MountInfo>;

// Inside, so that nothing of it is left out here; and gone into, since a mount that is made may cover the path to it.
constexpr std::string_view kMemoryForLayers[] = {"mount -t tmpfs tmpfs \"$layers\"", "cd \"$layers\""};

bool same_filesystem(const mount::MountInfo& a, const mount::MountInfo& b) { return a.major == b.major && a.minor == b.minor; }

bool same_place(const mount::MountInfo& a, const mount::MountInfo& b) {
  return a.mount_point == b.mount_point && a.root == b.root && a.type == b.type && same_filesystem(a, b);
}

std::string below(std::string_view directory, std::string_view path) {
  return text::join(directory == "/" ? "" : directory, path == "/" ? "" : path);
}

// Where the file system of a mount, from its root on, is seen through another mount of it; nothing: it is not.
std::optional<std::string> seen_through(const mount::MountInfo& mount, const mount::MountInfo& wanted) {
  if (!same_filesystem(mount, wanted)) return std::nullopt;
  if (mount.root != "/" && wanted.root != mount.root && !wanted.root.starts_with(mount.root + "/")) return std::nullopt;
  const std::string path = below(mount.mount_point, mount.root == "/" ? wanted.root : wanted.root.substr(mount.root.size()));
  return path.empty() ? "/" : path;
}

class MountScript {
 public:
  explicit MountScript(const ByHand& facts)
      : facts_(facts), mounts_(*facts.subject.process.mounts), there_(mounts_.size()), kept_(facts.callers_mounts.size()) {
    const NamespaceSeen* user = facts.subject.process.find(ns::Type::User);
    locked_ = user != nullptr && user->differs_from_callers();
  }

  MountCommands inherited_root() {
    for (std::size_t i = 0; i < mounts_.size(); ++i) keep(i);
    drop_missing();
    const std::size_t dropped = lines_.size();
    for (const MountNode& node : tree_of(mounts_)) {
      const mount::MountInfo& mount = mounts_[node.index];
      if (!there_[node.index]) make(node.index);
      propagate(mount);
    }
    finish();
    if (layers_ != 0) {
      make_room_for_layers(dropped);
      add("cd /");
      add("umount -l \"$layers\" 2>/dev/null || :");
    }
    return {std::move(lines_), layers_ != 0};
  }

  MountCommands own_root() {
    base_ = "\"$new\"";
    for (const MountNode& node : tree_of(mounts_)) {
      if (!there_[node.index]) make(node.index);
      if (mounts_[node.index].mount_point == "/") make_links();
    }
    finish();
    if (layers_ != 0) make_room_for_layers(0);
    // The old root comes out on top of a mount that is there anyway, and off again.
    const std::string rest = shell_word(resting_place());
    add("cd \"$new\"");
    add("pivot_root . .", rest);
    add("umount -l ", rest);
    for (const mount::MountInfo& mount : mounts_) keep_propagation(mount);
    return {std::move(lines_), layers_ != 0};
  }

 private:
  template <class... Parts>
  void add(const Parts&... parts) {
    lines_.push_back(text::join(parts...));
  }

  void make_room_for_layers(std::size_t at) {
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), std::begin(kMemoryForLayers), std::end(kMemoryForLayers));
  }

  // A copy of the caller's mounts has it already; each of those is good for one.
  void keep(std::size_t index) {
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (kept_[i] || !same_place(mounts_[index], facts_.callers_mounts[i])) continue;
      kept_[i] = there_[index] = true;
      if (facts_.callers_mounts[i].options != mounts_[index].options) remount_late(mounts_[index]);
      return;
    }
  }

  // Mounts of the caller that the process does not have, the innermost first. In a new user namespace they are locked.
  void drop_missing() {
    for (std::size_t i = kept_.size(); i-- > 0;)
      if (!kept_[i]) add("umount -l ", shell_word(facts_.callers_mounts[i].mount_point), locked_ ? " 2>/dev/null || :" : "");
  }

  void make(std::size_t index) {
    const mount::MountInfo& mount = mounts_[index];
    if (const auto outside = seen_outside(mount)) {
      make_point(mount, shell_word(*outside));
      bind_from_outside(mount, *outside);
    } else if (const auto inside = seen_inside(mount)) {
      if (mount.root != "/") add("[ -e ", place(*inside), " ] || mkdir -p ", place(*inside));
      make_point(mount, place(*inside));
      add("mount --bind ", place(*inside), " ", place(mount.mount_point));
      if (!mount_options(mount).empty()) remount_late(mount);
    } else if (can_be_made(mount)) {
      make_point(mount, {});
      make_new(mount);
    } else {
      add("# ", text::printable(mount.mount_point), ": a file system of type ", text::printable(mount.type),
          " that is not mounted here (", text::printable(mount.source), ")");
      return;
    }
    there_[index] = true;
  }

  std::optional<std::string> seen_outside(const mount::MountInfo& mount) const {
    for (const mount::MountInfo& other : facts_.callers_mounts)
      if (auto path = seen_through(other, mount)) return path;
    return std::nullopt;
  }

  std::optional<std::string> seen_inside(const mount::MountInfo& mount) const {
    for (std::size_t i = 0; i < mounts_.size(); ++i)
      if (there_[i])
        if (auto path = seen_through(mounts_[i], mount)) return path;
    return std::nullopt;
  }

  // What is mounted below comes along where it may not be left behind.
  void bind_from_outside(const mount::MountInfo& mount, const std::string& from) {
    const std::string prefix = below(from, "") + "/";
    const bool along = locked_ && std::ranges::any_of(facts_.callers_mounts, [&](const mount::MountInfo& other) {
                         return other.mount_point.starts_with(prefix);
                       });
    add("mount --", along ? "rbind " : "bind ", shell_word(from), " ", place(mount.mount_point));
    if (!mount_options(mount).empty()) remount_late(mount);
    if (!along) return;
    for (const mount::MountInfo& other : facts_.callers_mounts) {
      if (!other.mount_point.starts_with(prefix)) continue;
      const std::string point = below(mount.mount_point, other.mount_point.substr(prefix.size() - 1));
      for (std::size_t i = 0; i < mounts_.size(); ++i)
        if (mounts_[i].mount_point == point && mounts_[i].root == other.root && same_filesystem(mounts_[i], other)) {
          there_[i] = true;
          if (mounts_[i].options != other.options) remount_late(mounts_[i]);
        }
    }
  }

  void make_new(const mount::MountInfo& mount) {
    std::vector<std::string> options = mount_options(mount);
    // It gets its mount points first.
    if (std::erase(options, "ro") != 0) remount_late(mount);
    for (std::string& option : filesystem_options(mount, facts_.subject.process.maps)) options.push_back(std::move(option));
    std::string words;
    if (mount.type == "overlay" && has_upper(mount)) {
      const std::string layer = text::join(++layers_);
      add("mkdir -p ", layer, "/upper ", layer, "/work");
      words = text::join(" -o upperdir=", layer, "/upper,workdir=", layer, "/work");
    }
    if (!options.empty()) words += text::join(words.empty() ? " -o " : ",", shell_word(text::join_with(options, ",")));
    add("mount -t ", shell_word(mount.type), words, " ", shell_word(mount.source), " ", place(mount.mount_point));
  }

  void remount_late(const mount::MountInfo& mount) {
    late_.push_back(text::join("mount -o remount,bind,", shell_word(told_options(mount)), " ", place(mount.mount_point)));
  }

  void finish() {
    for (std::string& line : late_) lines_.push_back(std::move(line));
  }

  void propagate(const mount::MountInfo& mount) {
    if (std::ranges::all_of(mounts_, [](const auto& one) { return !one.shared && !one.master && !one.unbindable; })) return;
    const auto peer = std::ranges::find_if(facts_.callers_mounts, [&](const auto& other) { return same_place(mount, other); });
    if (peer != facts_.callers_mounts.end() && peer->shared == mount.shared && peer->master == mount.master &&
        peer->unbindable == mount.unbindable)
      return;
    const std::string point = shell_word(mount.mount_point);
    if (mount.master) add("mount --make-slave ", point);
    if (mount.shared) add("mount --make-shared ", point);
    if (!mount.master && !mount.shared) add("mount --make-", mount.unbindable ? "unbindable " : "private ", point);
  }

  // Of a root that was built: after the move, since pivot_root refuses shared mounts.
  void keep_propagation(const mount::MountInfo& mount) {
    if (mount.shared) add("mount --make-shared ", shell_word(mount.mount_point));
    if (mount.unbindable) add("mount --make-unbindable ", shell_word(mount.mount_point));
    if (mount.master && !mount.shared)
      add("# ", text::printable(mount.mount_point), " receives what is mounted in peer group ", *mount.master);
  }

  // What is mounted on must be there: in a file system of one's own it has to be made. like: what will be bound there, as a
  // word.
  void make_point(const mount::MountInfo& mount, const std::string& like) {
    const std::string point = place(mount.mount_point);
    if (mount.mount_point == "/") return;
    if (like.empty())
      add("[ -d ", point, " ] || mkdir -p ", point);
    else
      add("[ -e ", point, " ] || if [ -d ", like, " ]; then mkdir -p ", point, "; else install -D /dev/null ", point, "; fi");
  }

  void make_links() {
    for (const auto& [name, target] : facts_.root_links)
      add("[ -e ", place("/" + name), " ] || ln -s ", shell_word(target), " ", place("/" + name));
  }

  std::string resting_place() const {
    for (const std::string_view usual : {"/dev", "/sys", "/tmp", "/mnt", "/proc"})
      if (std::ranges::find(mounts_, usual, &mount::MountInfo::mount_point) != mounts_.end()) return std::string(usual);
    for (const mount::MountInfo& mount : mounts_)
      if (mount.mount_point != "/") return mount.mount_point;
    return "/mnt";
  }

  // A word of the shell: the base is written as it is ("$new").
  std::string place(std::string_view path) const {
    if (base_.empty()) return shell_word(path);
    return path == "/" ? base_ : base_ + shell_word(path);
  }

  const ByHand& facts_;
  const Mounts& mounts_;
  std::vector<bool> there_;  // by mount of the process: made, or the caller's
  std::vector<bool> kept_;   // by mount of the caller
  bool locked_ = false;      // the caller's mounts are: they cannot be taken apart in a new user namespace
  std::string base_;
  std::vector<std::string> lines_, late_;
  unsigned layers_ = 0;
};

const mount::MountInfo* root_of(const Mounts& mounts) {
  const auto found = std::ranges::find(mounts, "/", &mount::MountInfo::mount_point);
  return found == mounts.end() ? nullptr : &*found;
}

}  // namespace

bool has_own_root(const ByHand& facts) {
  if (!facts.subject.process.mounts.known()) return false;
  const mount::MountInfo *own = root_of(*facts.subject.process.mounts), *callers = root_of(facts.callers_mounts);
  return own != nullptr && (callers == nullptr || !same_place(*own, *callers));
}

MountCommands mount_commands(const ByHand& facts) {
  const auto& mounts = facts.subject.process.mounts;
  if (!mounts.known()) return {.lines = {text::join("# The mounts ", missing_in_words(mounts.missing))}};
  MountScript script(facts);
  return has_own_root(facts) ? script.own_root() : script.inherited_root();
}

}  // namespace caisson::inspect
