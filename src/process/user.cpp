#include "process/user.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::process {
namespace {

constexpr std::string_view kHowToWrite = "write USER or USER:GROUP; numbers go from 0 to 4294967294";

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Error refusal(std::string_view text) {
  return Error(ErrorKind::Usage, text::join("invalid user ", text::quoted(text))).with_hint(std::string(kHowToWrite));
}

std::optional<std::uint32_t> parse_id(std::string_view text) {
  if (!all_digits(text)) return std::nullopt;
  const auto id = text::parse_number<std::uint32_t>(text);
  return id && *id <= kHighestId ? id : std::nullopt;
}

struct Parts {
  std::string_view user;
  std::optional<std::string_view> group;
};
Parts parts_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

struct PasswdEntry {
  std::string_view name, home;
  std::uint32_t uid = 0, gid = 0;
};
struct GroupEntry {
  std::string_view name, members;
  std::uint32_t gid = 0;
};

// Lines that are not entries (comments, NIS marks, damage) are skipped, as every C library does.
std::optional<PasswdEntry> passwd_entry(std::string_view line) {
  const auto fields = text::split(line, ':');
  if (fields.size() < 4 || fields[0].empty()) return std::nullopt;
  const auto uid = parse_id(fields[2]);
  const auto gid = parse_id(fields[3]);
  if (!uid || !gid) return std::nullopt;
  return PasswdEntry{.name = fields[0], .home = fields.size() > 5 ? fields[5] : std::string_view{}, .uid = *uid, .gid = *gid};
}
std::optional<GroupEntry> group_entry(std::string_view line) {
  const auto fields = text::split(line, ':');
  if (fields.size() < 3 || fields[0].empty()) return std::nullopt;
  const auto gid = parse_id(fields[2]);
  if (!gid) return std::nullopt;
  return GroupEntry{.name = fields[0], .members = fields.size() > 3 ? fields[3] : std::string_view{}, .gid = *gid};
}

template <class Matches>
std::optional<PasswdEntry> find_user(std::string_view passwd, Matches matches) {
  for (const std::string_view line : text::split(passwd, '\n'))
    if (const auto entry = passwd_entry(line); entry && matches(*entry)) return entry;
  return std::nullopt;
}

std::uint32_t find_group(std::string_view whole, std::string_view name, std::string_view group) {
  if (all_digits(name)) {
    const auto gid = parse_id(name);
    if (!gid) throw refusal(whole);
    return *gid;
  }
  for (const std::string_view line : text::split(group, '\n'))
    if (const auto entry = group_entry(line); entry && entry->name == name) return entry->gid;
  throw Error(ErrorKind::Usage, text::join("unable to find group ", name, ": no matching entries in group file"))
      .with_hint("use a number, or add the group to /etc/group of the image");
}

std::vector<std::uint32_t> groups_with_member(std::string_view user, std::string_view group, std::uint32_t primary) {
  std::vector<std::uint32_t> gids;
  for (const std::string_view line : text::split(group, '\n')) {
    const auto entry = group_entry(line);
    if (!entry || entry->gid == primary) continue;
    const auto members = text::split(entry->members, ',');
    const bool listed = std::ranges::any_of(members, [&](std::string_view member) { return text::trim(member) == user; });
    if (listed && std::ranges::find(gids, entry->gid) == gids.end()) gids.push_back(entry->gid);
  }
  return gids;
}

std::string home_in(const std::optional<PasswdEntry>& entry) {
  return entry && entry->home.starts_with('/') ? std::string(entry->home) : std::string("/");
}

}  // namespace

NumericUser parse_numeric_user(std::string_view text) {
  const Parts parts = parts_of(text);
  const auto uid = parse_id(parts.user);
  if (!uid) throw refusal(text);
  if (!parts.group) return {*uid, std::nullopt};
  const auto gid = parse_id(*parts.group);
  if (!gid) throw refusal(text);
  return {*uid, *gid};
}

bool is_numeric_user(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == ':'; });
}

ResolvedUser resolve_user(std::string_view text, std::string_view passwd, std::string_view group) {
  const Parts parts = parts_of(text);
  if (parts.user.empty() || (parts.group && (parts.group->empty() || parts.group->find(':') != std::string_view::npos)))
    throw refusal(text);

  std::optional<PasswdEntry> entry;
  ResolvedUser resolved;
  if (all_digits(parts.user)) {
    const auto uid = parse_id(parts.user);
    if (!uid) throw refusal(text);
    resolved.uid = *uid;
    entry = find_user(passwd, [&](const PasswdEntry& candidate) { return candidate.uid == *uid; });
  } else {
    entry = find_user(passwd, [&](const PasswdEntry& candidate) { return candidate.name == parts.user; });
    if (!entry)
      throw Error(ErrorKind::Usage, text::join("unable to find user ", parts.user, ": no matching entries in passwd file"))
          .with_hint("use a number, or add the user to /etc/passwd of the image");
    resolved.uid = entry->uid;
  }
  resolved.home = home_in(entry);
  if (parts.group) {
    resolved.gid = find_group(text, *parts.group, group);
  } else if (entry) {
    resolved.gid = entry->gid;
    resolved.additional_gids = groups_with_member(entry->name, group, entry->gid);
  }
  return resolved;
}

std::vector<std::uint32_t> groups_with_primary(const ResolvedUser& user) {
  std::vector<std::uint32_t> all = user.additional_gids;
  if (std::ranges::find(all, user.gid) == all.end()) all.insert(all.begin(), user.gid);
  return all;
}

bool is_mapped(std::string_view id_map, std::uint32_t id) {
  for (const std::string_view line : text::split(id_map, '\n')) {
    std::vector<std::string_view> words = text::split(line, ' ');
    std::erase(words, std::string_view());
    if (words.size() != 3) continue;
    const auto first = text::parse_number<std::uint32_t>(words[0]), count = text::parse_number<std::uint32_t>(words[2]);
    if (first && count && id >= *first && id - *first < *count) return true;
  }
  return false;
}

std::string home_of(std::uint32_t uid, std::string_view passwd) {
  return home_in(find_user(passwd, [&](const PasswdEntry& entry) { return entry.uid == uid; }));
}

}  // namespace caisson::process
