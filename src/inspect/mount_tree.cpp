#include "inspect/mount_tree.hpp"

#include <algorithm>
#include <set>

#include "base/printable.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

// Columns of a terminal, near enough: bytes that begin a character.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_padded(std::string& out, std::string_view cell, std::size_t width) {
  out += cell;
  if (const std::size_t used = columns(cell); used < width) out.append(width - used, ' ');
}

using Children = std::multimap<std::uint64_t, std::size_t>;  // parent id -> index, in the order of the list

struct Open {
  std::size_t index;
  std::string stem;  // what stands before the children
  std::string branch;
  std::size_t depth;
};

// Depth first with a stack of its own: mounts may be nested deeper than a call stack.
void walk(const std::vector<mount::MountInfo>& mounts, const Children& children, std::size_t root, std::vector<bool>& seen,
          std::vector<MountNode>& out) {
  std::vector<Open> open{{root, "", "", 0}};
  while (!open.empty()) {
    const Open node = std::move(open.back());
    open.pop_back();
    if (seen[node.index]) continue;
    seen[node.index] = true;
    out.push_back({node.index, node.depth, node.branch});
    const auto [first, last] = children.equal_range(mounts[node.index].id);
    std::vector<std::size_t> below;
    for (auto at = first; at != last; ++at)
      if (!seen[at->second]) below.push_back(at->second);
    for (std::size_t i = below.size(); i-- > 0;) {
      const bool is_last = i + 1 == below.size();
      open.push_back({below[i], node.stem + (is_last ? "  " : "│ "), node.stem + (is_last ? "└─" : "├─"), node.depth + 1});
    }
  }
}

std::string member_in_words(const GroupMember& member) {
  return text::join(text::printable(member.mount_point), " in mnt:[", member.mount_namespace, "] of ", member.pid, " ",
                    text::printable(member.command));
}

std::string members_in_words(const std::vector<GroupMember>& members, std::uint64_t own) {
  constexpr std::size_t kMostNamed = 4;
  std::string out;
  std::size_t others = 0;
  for (const GroupMember& member : members) {
    if (member.mount_namespace == own || ++others > kMostNamed) continue;
    out += text::join(out.empty() ? "" : "; ", member_in_words(member));
  }
  if (others > kMostNamed) out += text::join("; and ", others - kMostNamed, " more");
  return out;
}

std::string here_in_words(const std::vector<std::string_view>& points) {
  std::string out;
  for (const std::string_view point : points) out += text::join(out.empty() ? "" : ", ", text::printable(point));
  return out;
}

struct GroupHere {
  std::vector<std::string_view> shared, receives;
};

std::map<std::uint64_t, GroupHere> groups_here(const std::vector<mount::MountInfo>& mounts) {
  std::map<std::uint64_t, GroupHere> here;
  for (const mount::MountInfo& mount : mounts) {
    if (mount.shared) here[*mount.shared].shared.push_back(mount.mount_point);
    if (mount.master) here[*mount.master].receives.push_back(mount.mount_point);
    if (mount.propagate_from) here[*mount.propagate_from].receives.push_back(mount.mount_point);
  }
  return here;
}

}  // namespace

std::vector<MountNode> tree_of(const std::vector<mount::MountInfo>& mounts) {
  Children children;
  std::set<std::uint64_t> ids;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    ids.insert(mounts[i].id);
    if (mounts[i].parent != mounts[i].id) children.emplace(mounts[i].parent, i);
  }
  std::vector<bool> seen(mounts.size(), false);
  std::vector<MountNode> out;
  for (std::size_t i = 0; i < mounts.size(); ++i)
    if (mounts[i].parent == mounts[i].id || !ids.contains(mounts[i].parent)) walk(mounts, children, i, seen, out);
  for (std::size_t i = 0; i < mounts.size(); ++i)
    if (!seen[i]) walk(mounts, children, i, seen, out);
  return out;
}

std::string draw_mounts(const std::vector<mount::MountInfo>& mounts) {
  constexpr std::size_t kColumns = 4, kWidest = 44;
  std::vector<std::array<std::string, kColumns + 1>> rows;
  std::array<std::size_t, kColumns> widths{};
  for (const MountNode& node : tree_of(mounts)) {
    const mount::MountInfo& mount = mounts[node.index];
    rows.push_back(
        {node.branch + text::printable(mount.mount_point), text::printable(mount.type),
         text::printable(mount.source) + (mount.root == "/" ? "" : text::join("[", text::printable(mount.root), "]")),
         text::printable(mount.options), mount::propagation_of_mount(mount)});
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::min(kWidest, std::max(widths[i], columns(rows.back()[i])));
  }
  std::string out;
  for (const auto& row : rows) {
    out += "  ";
    for (std::size_t i = 0; i < kColumns; ++i) append_padded(out, row[i], widths[i] + 2);
    out += text::join(row[kColumns], "\n");
  }
  return out;
}

std::string describe_groups(const std::vector<mount::MountInfo>& mounts, std::uint64_t own, const PeerGroups& groups) {
  std::string out;
  for (const auto& [group, here] : groups_here(mounts)) {
    const auto found = groups.members.find(group);
    const std::vector<GroupMember> none;
    const std::vector<GroupMember>& members = found == groups.members.end() ? none : found->second;
    const std::string others = members_in_words(members, own);
    out += text::join("  group ", group, ": ");
    if (!here.shared.empty()) out += text::join("shared by ", here_in_words(here.shared));
    if (!here.receives.empty())
      out += text::join(here.shared.empty() ? "" : "; ", here_in_words(here.receives),
                        here.receives.size() == 1 ? " receives" : " receive", " from it");
    if (!others.empty())
      out += text::join(here.shared.empty() ? ": " : "; also ", others, "\n");
    else
      out += here.shared.empty() ? "; nobody who can be seen is in it\n" : "; nobody else who can be seen is in it\n";
  }
  return out;
}

void add_members(const std::vector<mount::MountInfo>& mounts, const GroupMember& where, PeerGroups& groups) {
  for (const mount::MountInfo& mount : mounts) {
    if (!mount.shared) continue;
    GroupMember member = where;
    member.mount_point = mount.mount_point;
    groups.members[*mount.shared].push_back(std::move(member));
  }
}

}  // namespace caisson::inspect
