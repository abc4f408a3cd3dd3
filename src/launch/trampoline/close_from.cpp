#include "launch/trampoline/close_from.hpp"

#include "launch/trampoline/freestanding.hpp"

namespace caisson::launch {

void close_from(uint32_t first, uint32_t kept) {
  constexpr uint32_t kMost = 1024;
  const uint32_t behind = kept < first ? first : kept + 1;
  long result = 0;
  if (kept > first) result = call(__NR_close_range, first, kept - 1, 0);
  if (result == 0) result = call(__NR_close_range, behind, ~0U, 0);
  if (result == 0) return;
  for (uint32_t number = first; number < behind + kMost; ++number)
    if (number != kept) call(__NR_close, number);
}

}  // namespace caisson::launch
