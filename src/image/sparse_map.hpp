// Which parts of a sparse file stand in an archive; the others are holes. GNU tar has written that in four ways: in the header
// and blocks behind it (type S), in pax records (0.0 and 0.1), and in front of the content (1.0). Pure, but for writing the
// file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::image {

struct SparsePiece {
  std::uint64_t offset = 0, size = 0;
  bool operator==(const SparsePiece&) const = default;
};

struct SparseMap {
  std::uint64_t whole = 0;          // of the file with its holes
  std::vector<SparsePiece> pieces;  // in their order, one behind the other in the archive
  bool before_content = false;      // the pieces are told there, and are not known yet
};

inline constexpr std::size_t kMostSparsePieces = 50'000;

// "GNU.sparse.KEY" of a pax header, but for its name. false: not one of those that matter. Throws Error(Spec).
bool read_sparse_record(std::string_view key, std::string_view value, SparseMap& map);
// Numbers in decimal, an offset and a size for each piece. Throws Error(Spec).
void add_pieces(std::span<const std::string_view> numbers, SparseMap& map);
void add_piece(SparsePiece piece, SparseMap& map);
// How many pieces the text in front of the content tells of, from its first line. Throws Error(Spec).
std::size_t count_of_pieces(std::string_view text);
// Throws Error(Spec) unless the pieces are in order, do not overlap, lie in the file, and have `data` bytes together.
void check_sparse_map(const SparseMap& map, std::uint64_t data);

}  // namespace caisson::image
