#include "plan/unshare_plan.hpp"

#include <sys/mount.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::plan {
namespace {

using ns::Type;

constexpr std::array kBindOrder{Type::User,    Type::Cgroup, Type::Ipc,   Type::Uts,
                                Type::Network, Type::Pid,    Type::Mount, Type::Time};

// One of the two id kinds: users or groups.
struct Side {
  const std::vector<RangeWish>& ranges;
  std::optional<std::uint32_t> single;
  std::uint32_t own;
  const std::vector<host::IdRange>& subordinate;
  const char* file;
  std::string_view caller_map;
};

Error no_line(const host::UserNamespaceFacts& users, const UnshareFacts& facts, const char* file) {
  if (users.user_name.empty())
    return Error(ErrorKind::Host, text::join("you (user ", facts.euid, ") don't exist."))
        .with_hint("subordinate ids are looked up by name: /etc/passwd needs a line for this user");
  return Error(ErrorKind::Host, text::join("no line matching user \"", users.user_name, "\" in ", file))
      .with_hint(text::join("as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ", users.user_name));
}

void add_range(const RangeWish& wish, const Side& side, const UnshareFacts& facts, std::vector<ns::IdRangeWish>& ranges) {
  using From = RangeWish::From;
  if (wish.from == From::Written) {
    ranges.push_back({.map = wish.written});
    return;
  }
  if (wish.from == From::EveryIdOfCaller) {
    const auto all = ns::identity_of(side.caller_map);
    ranges.insert(ranges.end(), all.begin(), all.end());
    return;
  }
  if (side.subordinate.empty()) throw no_line(facts.users.value_or(host::UserNamespaceFacts{}), facts, side.file);
  const host::IdRange& first = side.subordinate.front();
  const bool from_zero = wish.from == From::SubordinateFromZero;
  ranges.push_back({.map = {.container_id = from_zero ? 0 : first.first, .host_id = first.first, .size = first.count},
                    .inside = from_zero ? ns::InsideIds::MoveUp : ns::InsideIds::AsWritten});
}

std::vector<spec::IdMapping> outside_map(const Side& side, const UnshareFacts& facts) {
  std::vector<ns::IdRangeWish> ranges;
  for (const RangeWish& wish : side.ranges) add_range(wish, side, facts, ranges);
  std::optional<ns::SingleId> single;
  if (side.single) single = ns::SingleId{.inside = *side.single, .outside = side.own};
  return ns::map_of_ranges(ranges, single);
}

// The caller's own id can be mapped by the new process itself, unless that is somebody else by then.
bool from_outside(const Side& side, const UnshareWish& wish) {
  return !side.ranges.empty() || (side.single && wish.owner.has_value());
}

void plan_maps(const UnshareWish& wish, const UnshareFacts& facts, UnsharePlan& plan) {
  static const host::UserNamespaceFacts kNobody;
  const host::UserNamespaceFacts& users = facts.users ? *facts.users : kNobody;
  const Side uids{wish.users, wish.user, facts.euid, users.subordinate_uids, "/etc/subuid", facts.uid_map};
  const Side gids{wish.groups, wish.group, facts.egid, users.subordinate_gids, "/etc/subgid", facts.gid_map};
  if (from_outside(uids, wish))
    plan.uid_map = outside_map(uids, facts);
  else if (wish.user)
    plan.own_uid = ns::SingleId{.inside = *wish.user, .outside = facts.euid};
  if (from_outside(gids, wish))
    plan.gid_map = outside_map(gids, facts);
  else if (wish.group)
    plan.own_gid = ns::SingleId{.inside = *wish.group, .outside = facts.egid};
  plan.writes_maps_itself = facts.euid == 0;
}

void check(const UnshareWish& wish, const UnsharePlan& plan) {
  if ((wish.monotonic || wish.boottime) && !plan.creates(Type::Time))
    throw Error(ErrorKind::Usage, "options --monotonic and --boottime require unsharing of a time namespace (-T)");
  if (plan.own_gid && wish.setgroups == Setgroups::Allow)
    throw Error(ErrorKind::Usage, "options --setgroups=allow and --map-group are mutually exclusive");
}

}  // namespace

bool UnsharePlan::new_root_sees_interpreter_of_old() const noexcept {
  if (!interpreter || root.empty()) return false;
  const std::size_t flags = interpreter->rfind(':');
  return flags != std::string::npos && interpreter->find('F', flags) != std::string::npos;
}

UnsharePlan plan_unshare(const UnshareWish& wish, const UnshareFacts& facts) {
  UnsharePlan plan{static_cast<const UnshareSettings&>(wish)};
  plan.created = wish.created;
  for (const Type type : kBindOrder) {
    const auto last = std::find_if(wish.files.rbegin(), wish.files.rend(), [&](const auto& file) { return file.type == type; });
    if (last != wish.files.rend()) plan.files.push_back(*last);
  }
  if (!plan.root.empty() && plan.directory.empty()) plan.directory = "/";
  plan_maps(wish, facts, plan);
  check(wish, plan);
  return plan;
}

std::vector<std::string> notes_on(const UnsharePlan& plan) {
  std::vector<std::string> notes;
  if (plan.creates(Type::Pid) && !plan.fork)
    notes.emplace_back(
        "--pid without --fork: the program itself stays in the old pid namespace, and after the first process that it starts "
        "has "
        "ended it can start no other (\"Cannot allocate memory\"); add --fork (-f)");
  return notes;
}

}  // namespace caisson::plan
