#include "process/number_list.hpp"

#include "base/text.hpp"

namespace caisson::process {
namespace {

struct Range {
  unsigned first, last;
};

std::optional<unsigned> parse_member(std::string_view text) {
  const auto number = text::parse_number<unsigned>(text);
  return number && *number <= kHighestListed ? number : std::nullopt;
}

std::optional<Range> parse_range(std::string_view part) {
  const std::size_t dash = part.find('-');
  const auto first = parse_member(part.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_member(part.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return Range{*first, *last};
}

bool holds(const NumberMask& mask, std::size_t number) {
  return number / 64 < mask.size() && (mask[number / 64] >> (number % 64) & 1) != 0;
}

}  // namespace

std::optional<NumberMask> parse_number_list(std::string_view text) {
  NumberMask mask;
  for (const std::string_view part : text::split(text, ',')) {
    const auto range = parse_range(text::trim(part));
    if (!range) return std::nullopt;
    if (mask.size() <= range->last / 64) mask.resize(range->last / 64 + 1);
    for (unsigned number = range->first; number <= range->last; ++number)
      mask[number / 64] |= std::uint64_t{1} << (number % 64);
  }
  if (mask.empty()) return std::nullopt;
  return mask;
}

std::string format_number_list(const NumberMask& mask) {
  std::string list;
  for (std::size_t number = 0; number < mask.size() * 64; ++number) {
    if (!holds(mask, number)) continue;
    const std::size_t first = number;
    while (holds(mask, number + 1)) ++number;
    if (!list.empty()) list += ',';
    list += first == number ? text::join(first) : text::join(first, '-', number);
  }
  return list;
}

}  // namespace caisson::process
