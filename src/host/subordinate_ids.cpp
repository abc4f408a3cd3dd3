#include "host/subordinate_ids.hpp"

#include "base/text.hpp"

namespace caisson::host {

std::vector<IdRange> parse_subordinate_ids(std::string_view file, std::string_view user_name, std::uint32_t uid) {
  const std::string number = text::join(uid);
  std::vector<IdRange> ranges;
  for (const std::string_view line : text::split(file, '\n')) {
    const auto fields = text::split(line, ':');
    if (fields.size() != 3 || fields[0].empty() || (fields[0] != user_name && fields[0] != number)) continue;
    const auto first = text::parse_number<std::uint32_t>(fields[1]);
    const auto count = text::parse_number<std::uint32_t>(fields[2]);
    // The largest id, (uid_t)-1, is no id.
    if (!first || !count || *count == 0 || std::uint64_t{*first} + *count > 0xffffffffU) continue;
    ranges.push_back({*first, *count});
  }
  return ranges;
}

std::string user_name_of(std::string_view passwd, std::uint32_t uid) {
  for (const std::string_view line : text::split(passwd, '\n')) {
    const auto fields = text::split(line, ':');
    if (fields.size() == 7 && !fields[0].empty() && text::parse_number<std::uint32_t>(fields[2]) == uid)
      return std::string(fields[0]);
  }
  return {};
}

}  // namespace caisson::host
