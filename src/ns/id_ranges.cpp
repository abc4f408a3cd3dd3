#include "ns/id_ranges.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace caisson::ns {
namespace {

std::optional<std::array<std::uint32_t, 3>> three_numbers(std::string_view text, char separator) {
  const auto fields = text::split(text, separator);
  if (fields.size() != 3) return std::nullopt;
  std::array<std::uint32_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = text::parse_number<std::uint32_t>(fields[i]);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return numbers;
}

bool holds(std::uint64_t first, std::uint64_t count, std::uint64_t id) { return id >= first && id - first < count; }

// How many ids before `hole`, from `at` on; all of them when it lies behind.
std::uint64_t until(std::uint64_t hole, std::uint64_t at, std::uint64_t all) {
  return hole > at ? std::min(all, hole - at) : all;
}

void cut(const IdRangeWish& range, const SingleId& hole, std::vector<spec::IdMapping>& map) {
  std::uint64_t inside = range.map.container_id, outside = range.map.host_id, left = range.map.size;
  const bool meets_inside = range.inside == InsideIds::AsWritten && holds(inside, left, hole.inside);
  if (meets_inside || holds(outside, left, hole.outside)) --left;
  while (left > 0) {
    if (inside == hole.inside) ++inside;
    if (outside == hole.outside) ++outside;
    const std::uint64_t piece = std::min(until(hole.inside, inside, left), until(hole.outside, outside, left));
    map.push_back({.container_id = static_cast<std::uint32_t>(inside),
                   .host_id = static_cast<std::uint32_t>(outside),
                   .size = static_cast<std::uint32_t>(piece)});
    inside += piece;
    outside += piece;
    left -= piece;
  }
}

}  // namespace

std::optional<spec::IdMapping> parse_id_range(std::string_view text) {
  if (const auto numbers = three_numbers(text, ':'))
    return spec::IdMapping{.container_id = (*numbers)[0], .host_id = (*numbers)[1], .size = (*numbers)[2]};
  if (const auto numbers = three_numbers(text, ','))
    return spec::IdMapping{.container_id = (*numbers)[1], .host_id = (*numbers)[0], .size = (*numbers)[2]};
  return std::nullopt;
}

std::vector<spec::IdMapping> map_of_ranges(const std::vector<IdRangeWish>& ranges, std::optional<SingleId> single) {
  std::vector<spec::IdMapping> map;
  if (single) map.push_back({.container_id = single->inside, .host_id = single->outside, .size = 1});
  for (const IdRangeWish& range : ranges) {
    if (single)
      cut(range, *single, map);
    else
      map.push_back(range.map);
  }
  return map;
}

std::vector<IdRangeWish> identity_of(std::string_view map_file) {
  std::vector<IdRangeWish> ranges;
  for (std::string_view line : text::split(map_file, '\n')) {
    std::array<std::uint32_t, 3> numbers{};
    std::size_t found = 0;
    for (const std::string_view word : text::split(line, ' ')) {
      const auto number = text::parse_number<std::uint32_t>(word);
      if (number && found < numbers.size()) numbers[found++] = *number;
    }
    if (found == numbers.size())
      ranges.push_back({.map = {.container_id = numbers[0], .host_id = numbers[0], .size = numbers[2]}});
  }
  return ranges;
}

}  // namespace caisson::ns
