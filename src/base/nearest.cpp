#include "base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace caisson::text {

unsigned edit_distance(std::string_view one, std::string_view other) {
  const std::size_t width = other.size() + 1;
  std::vector<unsigned> cells((one.size() + 1) * width);
  const auto cell = [&](std::size_t i, std::size_t j) -> unsigned& { return cells[i * width + j]; };
  for (std::size_t i = 0; i <= one.size(); ++i) cell(i, 0) = static_cast<unsigned>(i);
  for (std::size_t j = 0; j <= other.size(); ++j) cell(0, j) = static_cast<unsigned>(j);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const unsigned change = one[i - 1] == other[j - 1] ? 0 : 1;
      unsigned best = std::min({cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + change});
      const bool swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
      if (swapped) best = std::min(best, cell(i - 2, j - 2) + 1);
      cell(i, j) = best;
    }
  }
  return cell(one.size(), other.size());
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongestWord = 64;  // nobody mistypes more than that; keeps the table of distances small
  if (word.empty() || word.size() > kLongestWord) return {};
  const auto allowed = std::max<unsigned>(1, static_cast<unsigned>(word.size()) / 3);
  std::string_view best;
  unsigned best_distance = allowed + 1;
  for (const std::string_view candidate : known) {
    const unsigned distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best.empty() || word.size() < 2) return best;
  for (const std::string_view candidate : known) {
    if (!candidate.starts_with(word)) continue;
    if (!best.empty()) return {};
    best = candidate;
  }
  return best;
}

}  // namespace caisson::text
