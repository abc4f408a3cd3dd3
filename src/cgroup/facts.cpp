#include "cgroup/facts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/path_prefix.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::cgroup {
namespace {

constexpr const char* kUsualMount = "/sys/fs/cgroup";
constexpr const char* kUsualUnified = "/sys/fs/cgroup/unified";

// Only "not there" and "not for this user" mean that there is none: after any other failure the container would run without a
// hierarchy that the host has.
long magic_of(const std::string& path) {
  const auto found = sys::filesystem_magic_at(path.c_str());
  if (found.err() == ENOENT || found.err() == ENOTDIR || found.err() == EACCES) return 0;
  if (!found.ok()) throw Error(ErrorKind::Host, "look at the filesystem of " + path, found.err());
  return found.value();
}

bool has_magic(const std::string& path, long magic) { return magic_of(path) == magic; }

bool own_exists(const Hierarchy& hierarchy) {
  return hierarchy.own == "/" || sys::status_at(sys::kCwd, (hierarchy.mount_point + hierarchy.own).c_str()).ok();
}

std::string own_v2_path(const std::vector<OwnCgroup>& own) {
  const auto found = std::ranges::find_if(own, [](const OwnCgroup& each) { return each.controllers.empty(); });
  return found == own.end() ? std::string("/") : found->path;
}

std::vector<OwnCgroup> read_own_cgroups() {
  return parse_own_cgroups(sys::read_file(sys::kCwd, "/proc/self/cgroup").or_throw("read /proc/self/cgroup"));
}

// As in a container, and on a machine where nobody manages groups. By ids: to read /proc/self/cgroup the kernel makes the
// directory of the process and visits every hierarchy.
bool is_root_of(const Hierarchy& v2, const sys::Pidfd& self) {
  const auto own = sys::cgroup_id_of(self);
  if (!own.ok()) return false;
  const auto root = sys::status_at(sys::kCwd, v2.mount_point.c_str());
  return root.ok() && root.value().inode == own.value();
}

CgroupFacts probe_by_mountinfo(const std::vector<OwnCgroup>& own) {
  const std::string mounts = sys::read_file(sys::kCwd, "/proc/self/mountinfo").or_throw("read /proc/self/mountinfo");
  return combine_cgroups(own, parse_cgroup_mounts(mounts));
}

// The layout that systemd and Docker made: a directory per hierarchy, named as its controllers. Nothing when it is another.
std::optional<CgroupFacts> probe_usual_v1(const std::vector<OwnCgroup>& own) {
  CgroupFacts facts;
  for (const OwnCgroup& each : own) {
    if (each.controllers.empty()) continue;
    std::string_view name = each.controllers;
    if (name.starts_with("name=")) name.remove_prefix(5);
    Hierarchy hierarchy{text::join(kUsualMount, "/", name), each.controllers, each.path};
    if (!has_magic(hierarchy.mount_point, sys::abi::kCgroupSuperMagic) || !own_exists(hierarchy)) return std::nullopt;
    facts.v1.push_back(std::move(hierarchy));
  }
  if (facts.v1.empty()) return std::nullopt;
  facts.mode = Mode::V1;
  if (has_magic(kUsualUnified, sys::abi::kCgroup2SuperMagic)) {
    facts.v2 = {kUsualUnified, "", own_v2_path(own)};
    if (!own_exists(facts.v2)) return std::nullopt;
    facts.mode = Mode::Hybrid;
  }
  return facts;
}

// mountinfo writes space, tab, newline and backslash as three octal digits.
std::string unescape(std::string_view field) {
  std::string plain;
  for (std::size_t at = 0; at < field.size(); ++at) {
    const auto code = field[at] == '\\' ? text::parse_number<unsigned>(field.substr(at + 1, 3), 8) : std::nullopt;
    plain.push_back(code ? static_cast<char>(*code) : field[at]);
    if (code) at += 3;
  }
  return plain;
}

bool lists_all(std::string_view options, std::string_view controllers) {
  const auto have = text::split(options, ',');
  return std::ranges::all_of(text::split(controllers, ','),
                             [&](std::string_view each) { return std::ranges::find(have, each) != have.end(); });
}

// The mount of this hierarchy through which the own cgroup can be seen, else the first one.
std::optional<Hierarchy> find_mount(const OwnCgroup& own, const std::vector<CgroupMount>& mounts) {
  const CgroupMount* best = nullptr;
  for (const CgroupMount& mount : mounts) {
    const bool same = own.controllers.empty() ? mount.v2 : !mount.v2 && lists_all(mount.controllers, own.controllers);
    if (same &&
        (best == nullptr || (!text::is_at_or_below(own.path, best->root) && text::is_at_or_below(own.path, mount.root))))
      best = &mount;
  }
  if (best == nullptr) return std::nullopt;
  Hierarchy found{best->mount_point, own.controllers, "/"};
  if (best->root == "/")
    found.own = own.path;
  else if (text::is_at_or_below(own.path, best->root) && own.path != best->root)
    found.own = own.path.substr(best->root.size());
  if (found.own.starts_with("/..")) found.own = "/";  // outside of our cgroup namespace: no path here names it
  return found;
}

}  // namespace

std::string_view mode_name(Mode mode) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"none", "v1", "hybrid", "v2"};
  return kNames[static_cast<std::size_t>(mode)];
}

CgroupFacts probe_cgroups(OwnPaths own_paths, const sys::Pidfd* self) {
  if (magic_of(kUsualMount) == sys::abi::kCgroup2SuperMagic) {
    CgroupFacts facts{.mode = Mode::V2, .v2 = {kUsualMount, "", ""}, .v1 = {}};
    if (own_paths == OwnPaths::Skip) return facts;
    if (self != nullptr && is_root_of(facts.v2, *self)) {
      facts.v2.own = "/";
      return facts;
    }
    const auto own = read_own_cgroups();
    facts.v2.own = own_v2_path(own);
    return own_exists(facts.v2) ? facts : probe_by_mountinfo(own);
  }
  const auto own = read_own_cgroups();
  if (auto usual = probe_usual_v1(own)) return *std::move(usual);
  return probe_by_mountinfo(own);
}

std::vector<OwnCgroup> parse_own_cgroups(std::string_view proc_self_cgroup) {
  std::vector<OwnCgroup> own;
  for (const std::string_view line : text::split(proc_self_cgroup, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos || line.substr(second + 1).empty()) continue;
    own.push_back({std::string(line.substr(first + 1, second - first - 1)), std::string(line.substr(second + 1))});
  }
  return own;
}

std::vector<CgroupMount> parse_cgroup_mounts(std::string_view mountinfo) {
  std::vector<CgroupMount> mounts;
  for (const std::string_view line : text::split(mountinfo, '\n')) {
    const std::size_t separator = line.find(" - ");
    if (separator == std::string_view::npos) continue;
    const auto left = text::split(line.substr(0, separator), ' ');
    const auto right = text::split(line.substr(separator + 3), ' ');
    if (left.size() < 6 || right.size() < 3 || (right[0] != "cgroup" && right[0] != "cgroup2")) continue;
    const bool v2 = right[0] == "cgroup2";
    mounts.push_back({unescape(left[4]), unescape(left[3]), v2 ? std::string() : std::string(right[2]), v2});
  }
  return mounts;
}

CgroupFacts combine_cgroups(const std::vector<OwnCgroup>& own, const std::vector<CgroupMount>& mounts) {
  CgroupFacts facts;
  for (const OwnCgroup& each : own) {
    auto found = find_mount(each, mounts);
    if (!found) continue;
    if (each.controllers.empty())
      facts.v2 = *std::move(found);
    else
      facts.v1.push_back(*std::move(found));
  }
  if (!facts.v1.empty())
    facts.mode = facts.v2.mount_point.empty() ? Mode::V1 : Mode::Hybrid;
  else if (!facts.v2.mount_point.empty())
    facts.mode = Mode::V2;
  return facts;
}

}  // namespace caisson::cgroup
