// Who the payload runs as. parse_numeric_user is the only parser of `UID[:GID]`: everything or nothing, and a result has no
// usable default (CVE-2026-30892). Names are looked up in texts that the caller read from the image, by a parser of our own:
// nothing of the image is ever loaded (no NSS). A user of digits only is always a number, never a name (CVE-2016-3697).
// man 5 passwd, man 5 group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::process {

inline constexpr std::uint32_t kHighestId = 4294967294U;  // 2^32-1 is "no change" to the kernel

struct NumericUser {
  std::uint32_t uid;
  std::optional<std::uint32_t> gid;
};
// Throws Error{Usage} for anything but `UID` or `UID:GID` in decimal digits.
NumericUser parse_numeric_user(std::string_view text);
// Whether text is written with digits and colons only, so that it cannot mean names.
bool is_numeric_user(std::string_view text);

struct ResolvedUser {
  std::uint32_t uid = 0, gid = 0;
  std::vector<std::uint32_t> additional_gids;  // only when no group was named: those that list the user as a member
  std::string home;                            // of passwd, else "/"
};
// `USER[:GROUP]`, each a name or a number. Without a group: that of the user's passwd entry, else 0.
ResolvedUser resolve_user(std::string_view text, std::string_view passwd, std::string_view group);

// The groups besides the primary one, and that one again: a group that a permission is denied to must stay among the groups
// when a set-group-id program changes the primary one (CVE-2022-36109).
std::vector<std::uint32_t> groups_with_primary(const ResolvedUser& user);
// Whether the text of /proc/PID/gid_map maps the group.
bool is_mapped(std::string_view id_map, std::uint32_t id);

// The home directory of the first entry with that uid, else "/".
std::string home_of(std::uint32_t uid, std::string_view passwd);

}  // namespace caisson::process
