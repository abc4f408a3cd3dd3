#include "image/file_pieces.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

constexpr std::uint64_t kLeastHole = 4096;          // what file systems keep
constexpr std::uint64_t kWorthIt = 4 * kLeastHole;  // of all holes together: telling them takes blocks, too
// Each takes up to 30 bytes of a text that readers limit to 1 MiB.
constexpr std::size_t kMostPieces = 20'000;

std::uint64_t found(const sys::SysResult<std::uint64_t>& sought, std::uint64_t size) {
  if (sought.ok()) return std::min(sought.value(), size);
  if (sought.err() == ENXIO) return size;  // there is none behind it
  throw Error(ErrorKind::Kernel, "look for holes in a file", sought.err());
}

// false: more pieces than can be told.
bool add_pieces_of(sys::BorrowedFd file, std::uint64_t least_hole, SparseMap& map) {
  map.pieces.clear();
  for (std::uint64_t at = 0; at < map.whole;) {
    const std::uint64_t data = found(sys::next_data(file, at), map.whole);
    if (data == map.whole) break;
    at = found(sys::next_hole(file, data), map.whole);
    SparsePiece* before = map.pieces.empty() ? nullptr : &map.pieces.back();
    if (before != nullptr && data - (before->offset + before->size) < least_hole)
      before->size = at - before->offset;
    else
      map.pieces.push_back({data, at - data});
    if (map.pieces.size() > kMostPieces) return false;
  }
  return true;
}

}  // namespace

std::optional<SparseMap> pieces_of(sys::BorrowedFd file, std::uint64_t size) {
  const auto first = sys::next_hole(file, 0);
  if (first.err() == EINVAL || first.err() == EOPNOTSUPP || found(first, size) == size) return std::nullopt;
  SparseMap map{.whole = size, .pieces = {}, .before_content = true};
  for (std::uint64_t least_hole = kLeastHole; !add_pieces_of(file, least_hole, map);) least_hole *= 4;
  std::uint64_t data = 0;
  for (const SparsePiece& piece : map.pieces) data += piece.size;
  if (size - data < kWorthIt) return std::nullopt;
  if (map.pieces.empty() || map.pieces.back().offset + map.pieces.back().size < size) map.pieces.push_back({size, 0});
  return map;
}

}  // namespace caisson::image
