#include "mount/devices.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "mount/options.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/umask.hpp"

namespace caisson::mount {
namespace {

struct DefaultDevice {
  const char* path;
  unsigned major, minor;
};
constexpr std::array<DefaultDevice, 6> kDefaults = {{{"/dev/null", 1, 3},
                                                     {"/dev/zero", 1, 5},
                                                     {"/dev/full", 1, 7},
                                                     {"/dev/random", 1, 8},
                                                     {"/dev/urandom", 1, 9},
                                                     {"/dev/tty", 5, 0}}};
constexpr std::uint32_t kDefaultMode = 0666;

std::uint32_t file_type(spec::DeviceType type, std::size_t index) {
  switch (type) {
    case spec::DeviceType::Char:
    case spec::DeviceType::Unbuffered:
      return S_IFCHR;
    case spec::DeviceType::Block:
      return S_IFBLK;
    case spec::DeviceType::Fifo:
      return S_IFIFO;
    case spec::DeviceType::All:
      break;
  }
  throw Error(ErrorKind::Spec, text::join("linux.devices[", index, "].type: must be c, b, u or p"));
}

DeviceNode node_of(const spec::Device& device, std::size_t index) {
  const std::string where = text::join("linux.devices[", index, "]");
  if (device.path.empty() || device.path.front() != '/' || text::clean_path(device.path) == "/")
    throw Error(ErrorKind::Spec, text::join(where, ".path: must be an absolute path of a file"));
  constexpr std::int64_t kMostMajor = (1 << 12) - 1, kMostMinor = (1 << 20) - 1;
  if (device.major < 0 || device.major > kMostMajor || device.minor < 0 || device.minor > kMostMinor)
    throw Error(ErrorKind::Spec, text::join(where, ": device number ", device.major, ":", device.minor, " is out of range"));
  const std::uint32_t type = file_type(device.type, index);
  const bool numbered = type != S_IFIFO;
  return {.path = text::clean_path(device.path),
          .mode = type | (device.file_mode.value_or(kDefaultMode) & 07777),
          .number = numbered ? sys::device_number(static_cast<unsigned>(device.major), static_cast<unsigned>(device.minor)) : 0,
          .uid = device.uid.value_or(0),
          .gid = device.gid.value_or(0)};
}

bool is_null(const DeviceNode& node) {
  return node.path == "/dev/null" && (node.mode & S_IFMT) == S_IFCHR && node.number == sys::device_number(1, 3);
}

bool same_device(const DeviceNode& node, const sys::Status& status) {
  return (status.mode & S_IFMT) == (node.mode & S_IFMT) && status.rdev == node.number;
}

// The container's /dev, opened once, and whatever lies outside it by way of the root.
class DeviceDir {
 public:
  explicit DeviceDir(const sys::RootDir& root)
      : root_(root), dev_(root.make_dirs("/dev", 0755).or_throw("open /dev of the container")) {}

  sys::BorrowedFd dev() const { return dev_.borrow(); }

  // Invalid when it was not made here, and when the device rules forbid it.
  sys::UniqueFd open_null() const {
    if (!made_null_) return {};
    auto opened = sys::open_at(dev_.borrow(), "null", O_RDWR | O_NOCTTY | O_NOFOLLOW);
    return opened.ok() ? std::move(opened).value() : sys::UniqueFd();
  }

  void make(const DeviceNode& node, const sys::MountFd* host_node) {
    const std::string_view path = node.path;
    constexpr std::string_view kDev = "/dev/";
    if (path.starts_with(kDev) && path.find('/', kDev.size()) == std::string_view::npos)
      return make_in(dev_.borrow(), path.substr(kDev.size()).data(), node, host_node);
    const std::size_t slash = path.rfind('/');
    const auto parent = root_.make_dirs(slash == 0 ? "/" : node.path.substr(0, slash), 0755)
                            .or_throw("open the directory of device ", node.path);
    make_in(parent.borrow(), node.path.c_str() + slash + 1, node, host_node);
  }

 private:
  void make_in(sys::BorrowedFd dir, const char* name, const DeviceNode& node, const sys::MountFd* host_node) {
    if (host_node != nullptr && host_node->valid()) return bind_in(dir, name, node, *host_node);
    const auto made = sys::make_node(dir, name, node.mode, node.number);
    if (made.err() == EEXIST) return accept_existing(dir, name, node);
    if (!made.ok()) throw Error(ErrorKind::Kernel, text::join("make device ", node.path), made.err());
    made_null_ = made_null_ || is_null(node);
    if (node.uid != 0 || node.gid != 0)
      sys::change_owner_at(dir, name, node.uid, node.gid).or_throw("set the owner of device ", node.path);
  }

  [[noreturn]] static void refuse_image_file(const DeviceNode& node) {
    throw Error(ErrorKind::Spec, text::join("device ", node.path, ": the image has another file with this name"))
        .with_hint("remove it from the image, or mount a tmpfs over its directory");
  }

  static void accept_existing(sys::BorrowedFd dir, const char* name, const DeviceNode& node) {
    const sys::Status status = sys::status_at(dir, name).or_throw("examine device ", node.path);
    if (!same_device(node, status)) refuse_image_file(node);
  }

  static void bind_in(sys::BorrowedFd dir, const char* name, const DeviceNode& node, const sys::MountFd& host_node) {
    constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    const auto created = sys::open_at(dir, name, kNew, 0666);
    if (!created.ok() && created.err() != EEXIST)
      throw Error(ErrorKind::Kernel, text::join("make the mount point of device ", node.path), created.err());
    const auto place = sys::open_at(dir, name, O_PATH | O_NOFOLLOW).or_throw("open the mount point of device ", node.path);
    const sys::Status status = sys::status_of_fd(place.borrow()).or_throw("examine device ", node.path);
    if (same_device(node, status)) return;
    if (!status.is_regular()) refuse_image_file(node);
    sys::attach_mount(host_node, place.borrow()).or_throw("bind device ", node.path, " of the host");
  }

  const sys::RootDir& root_;
  sys::UniqueFd dev_;
  bool made_null_ = false;
};

void make_link(sys::BorrowedFd dev, const std::string& name, const std::string& target) {
  auto made = sys::make_symlink(target.c_str(), dev, name.c_str());
  if (made.err() == EEXIST) {
    if (name != "ptmx") return;
    // An image's own ptmx would open the wrong instance of devpts.
    sys::unlink_at(dev, name.c_str()).or_throw("remove /dev/", name, " of the image");
    made = sys::make_symlink(target.c_str(), dev, name.c_str());
  }
  if (!made.ok()) throw Error(ErrorKind::Kernel, text::join("link /dev/", name, " to ", target), made.err());
}

}  // namespace

std::span<const DeviceNode> default_devices() {
  static const std::vector<DeviceNode> nodes = [] {
    std::vector<DeviceNode> out;
    for (const auto& [path, major, minor] : kDefaults)
      out.push_back({.path = path, .mode = S_IFCHR | kDefaultMode, .number = sys::device_number(major, minor)});
    return out;
  }();
  return nodes;
}

DevicePlan plan_devices(std::span<const spec::Device> devices, const DeviceContext& context) {
  DevicePlan plan{.skip = context.dev_is_bound,
                  .by_bind = context.user_namespace,
                  .dev_is_new = context.dev_is_new && !context.user_namespace,
                  .nodes = {},
                  .links = {}};
  const auto defaults = default_devices();
  plan.nodes.assign(defaults.begin(), defaults.end());
  for (std::size_t index = 0; index < devices.size(); ++index) {
    DeviceNode node = node_of(devices[index], index);
    const auto same = std::ranges::find(plan.nodes, node.path, &DeviceNode::path);
    if (same != plan.nodes.end()) {
      *same = std::move(node);
    } else {
      plan.nodes.push_back(std::move(node));
    }
  }
  if (plan.skip) plan.nodes.clear();
  plan.links = {
      {"fd", "/proc/self/fd"}, {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"}, {"stderr", "/proc/self/fd/2"}};
  if (context.kcore) plan.links.emplace_back("core", "/proc/kcore");
  plan.links.emplace_back("ptmx", "pts/ptmx");
  if (plan.skip) plan.links.clear();
  return plan;
}

bool binds_dev(std::span<const spec::Mount> mounts) {
  return std::ranges::any_of(mounts, [](const spec::Mount& mount) {
    return text::clean_path(text::join("/", mount.destination)) == "/dev" &&
           (mount.type == "bind" || parse_options(mount.options).bind);
  });
}

std::vector<sys::MountFd> open_host_nodes(const DevicePlan& plan) {
  std::vector<sys::MountFd> copies;
  if (plan.skip || !plan.by_bind) return copies;
  copies.reserve(plan.nodes.size());
  for (const DeviceNode& node : plan.nodes) {
    copies.emplace_back();
    if ((node.mode & S_IFMT) == S_IFIFO) continue;
    // Looked at before it is copied: dropping a copy is expensive. The copy is of the same descriptor.
    const auto host = sys::open_at(sys::kCwd, node.path.c_str(), O_PATH | O_NOFOLLOW);
    if (!host.ok())
      throw Error(ErrorKind::Host, text::join("open device ", node.path, " of the host"), host.err())
          .with_hint("in a user namespace devices cannot be made, only the host's can be shown");
    const sys::Status status = sys::status_of_fd(host.value().borrow()).or_throw("examine device ", node.path, " of the host");
    if (!same_device(node, status))
      throw Error(ErrorKind::Host, text::join("device ", node.path, " of the host is another device than the config asks for"))
          .with_hint("in a user namespace devices cannot be made, only the host's can be shown");
    copies.back() = sys::clone_tree(host.value().borrow(), "", false).or_throw("copy device ", node.path, " of the host");
  }
  return copies;
}

sys::UniqueFd make_devices(const DevicePlan& plan, const sys::RootDir& root, std::vector<sys::MountFd> prepared) {
  if (plan.skip) return {};
  if (plan.by_bind && prepared.empty()) prepared = open_host_nodes(plan);
  const sys::NoUmask exact_modes;
  DeviceDir dir(root);
  for (std::size_t index = 0; index < plan.nodes.size(); ++index)
    dir.make(plan.nodes[index], plan.by_bind ? &prepared[index] : nullptr);
  for (const auto& [name, target] : plan.links) make_link(dir.dev(), name, target);
  return plan.dev_is_new ? dir.open_null() : sys::UniqueFd();
}

}  // namespace caisson::mount
