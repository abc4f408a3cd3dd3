// Ranges of ids as people write them for a new user namespace, and the map that they make together with one id of their own:
// each range is cut around that id, since the kernel refuses maps that overlap inside or outside. Pure. man 7 user_namespaces.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::ns {

struct SingleId {
  std::uint32_t inside = 0, outside = 0;
};

// Whether the ids inside are those that were written, or just any from there on: then they move up by one to make room.
enum class InsideIds : std::uint8_t { AsWritten, MoveUp };

struct IdRangeWish {
  spec::IdMapping map;
  InsideIds inside = InsideIds::AsWritten;
};

// "INSIDE:OUTSIDE:COUNT", or "OUTSIDE,INSIDE,COUNT" as it was written first; nothing for any other text.
std::optional<spec::IdMapping> parse_id_range(std::string_view text);

// The single id first, then what is left of each range in at most three pieces. A range that the single id meets on one side
// only loses its last id on the other side, since both sides must be of one length.
std::vector<spec::IdMapping> map_of_ranges(const std::vector<IdRangeWish>& ranges, std::optional<SingleId> single);

// Every id that a map (the text of /proc/PID/uid_map) has inside, as itself.
std::vector<IdRangeWish> identity_of(std::string_view map_file);

// As the kernel takes it: in one write shorter than a page, of at most 340 lines (4.15).
inline constexpr std::size_t kMostMapBytes = 4095, kMostMapLines = 340;

}  // namespace caisson::ns
