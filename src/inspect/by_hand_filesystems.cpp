#include "inspect/by_hand_filesystems.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "inspect/by_hand.hpp"

namespace caisson::inspect {
namespace {

// Options of a file system that a new one may be made with. The others (layers, descriptors) mean something on this machine
// only.
struct Filesystem {
  std::string_view type;
  std::string_view options;  // between blanks
};
constexpr Filesystem kMakable[] = {
    {"tmpfs", " size nr_inodes mode huge "},
    {"ramfs", " mode "},
    {"proc", " hidepid subset gid "},
    {"sysfs", ""},
    {"devpts", " mode ptmxmode gid uid "},
    {"mqueue", ""},
    {"overlay", " lowerdir userxattr volatile xino "},
    {"cgroup2", " nsdelegate memory_recursiveprot "},
    {"binfmt_misc", ""},
};

constexpr std::string_view kLower = "lowerdir=";
constexpr std::string_view kOneLower = "lowerdir+=";  // by fsconfig(2), 6.8; mount(8) takes them in one

const Filesystem* makable(std::string_view type) {
  const auto found = std::ranges::find(kMakable, type, &Filesystem::type);
  return found == std::end(kMakable) ? nullptr : &*found;
}

// The kernel shows ids as they are outside, and takes them as they are inside.
std::string option_inside(std::string_view option, const IdMaps& maps) {
  const std::size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const auto id = text::parse_number<std::uint32_t>(equals == std::string_view::npos ? "" : option.substr(equals + 1));
  if (!id || (name != "uid" && name != "gid")) return std::string(option);
  return text::join(name, "=", inside_id(name == "uid" ? maps.uids : maps.gids, *id));
}

bool layers_can_be_found(const mount::MountInfo& overlay) {
  return std::ranges::none_of(text::split(overlay.super_options, ','), [](std::string_view option) {
    if (option.starts_with("datadir+=")) return true;
    return (option.starts_with(kLower) || option.starts_with(kOneLower)) &&
           !option.substr(option.find('=') + 1).starts_with('/');
  });
}

}  // namespace

bool can_be_made(const mount::MountInfo& mount) {
  return makable(mount.type) != nullptr && (mount.type != "overlay" || layers_can_be_found(mount));
}

std::vector<std::string> filesystem_options(const mount::MountInfo& mount, const IdMaps& maps) {
  std::vector<std::string> kept;
  const Filesystem* filesystem = makable(mount.type);
  if (filesystem == nullptr) return kept;
  std::string lower;
  for (const std::string_view option : text::split(mount.super_options, ',')) {
    if (filesystem->options.find(text::join(" ", option.substr(0, option.find('=')), " ")) != std::string_view::npos)
      kept.push_back(option_inside(option, maps));
    if (option.starts_with(kOneLower)) lower += text::join(lower.empty() ? kLower : ":", option.substr(kOneLower.size()));
  }
  if (!lower.empty()) kept.push_back(std::move(lower));
  return kept;
}

bool has_upper(const mount::MountInfo& overlay) {
  return std::ranges::any_of(text::split(overlay.super_options, ','),
                             [](std::string_view option) { return option.starts_with("upperdir="); });
}

std::string told_options(const mount::MountInfo& mount) {
  const auto all = text::split(mount.options, ',');
  const auto has = [&all](std::string_view option) { return std::ranges::find(all, option) != all.end(); };
  std::string told;
  for (const std::string_view option : all)
    if (option != "idmapped") told += text::join(told.empty() ? "" : ",", option);
  return has("relatime") || has("noatime") ? told : told + ",strictatime";
}

std::vector<std::string> mount_options(const mount::MountInfo& mount) {
  const std::string told = told_options(mount);
  std::vector<std::string> kept;
  for (const std::string_view option : text::split(told, ','))
    if (option != "rw" && option != "relatime") kept.emplace_back(option);
  return kept;
}

}  // namespace caisson::inspect
