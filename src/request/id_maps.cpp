#include "request/id_maps.hpp"

#include <algorithm>

namespace caisson::request {
namespace {

constexpr std::uint32_t kEveryId = 0xffffffff;  // 0 to 2^32-2; the last number means "no id"

// Ranges beyond the highest id are cut: a container cannot have more ids than there are numbers.
std::vector<spec::IdMapping> own_and_ranges(std::uint32_t own, const std::vector<host::IdRange>& ranges) {
  std::vector<spec::IdMapping> map{{.container_id = 0, .host_id = own, .size = 1}};
  std::uint32_t next = 1;
  for (const host::IdRange& range : ranges) {
    const std::uint32_t size = std::min(range.count, kEveryId - next);
    if (size == 0) continue;
    map.push_back({.container_id = next, .host_id = range.first, .size = size});
    next += size;
  }
  return map;
}

}  // namespace

IdMaps choose_id_maps(const RunWish& wish, const host::HostFacts& facts) {
  if (!wish.uid_maps.empty() || !wish.gid_maps.empty()) {
    IdMaps maps{wish.uid_maps, wish.gid_maps};
    if (maps.uids.empty()) maps.uids = maps.gids;
    if (maps.gids.empty()) maps.gids = maps.uids;
    return maps;
  }
  if (!facts.rootless()) {
    const spec::IdMapping all{.container_id = 0, .host_id = 0, .size = kEveryId};
    return {{all}, {all}};
  }
  const host::UserNamespaceFacts users = facts.users.value_or(host::UserNamespaceFacts{});
  // Ranges need both the programs and both files; half of them would leave users without their groups.
  const bool ranges = facts.euid != 0 && !users.newuidmap.empty() && !users.newgidmap.empty() &&
                      !users.subordinate_uids.empty() && !users.subordinate_gids.empty();
  if (!ranges) return {own_and_ranges(facts.euid, {}), own_and_ranges(facts.egid, {})};
  return {own_and_ranges(facts.euid, users.subordinate_uids), own_and_ranges(facts.egid, users.subordinate_gids)};
}

}  // namespace caisson::request
