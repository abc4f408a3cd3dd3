#include "image/sparse_map.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 62;

[[noreturn]] void refuse_map(std::string_view problem) {
  throw Error(ErrorKind::Spec, text::join("tar: sparse file: ", problem));
}

std::uint64_t plain_number(std::string_view digits) {
  const auto value = text::parse_number<std::uint64_t>(digits);
  if (!value || *value > kLargestFile) refuse_map(text::join(text::quoted(digits.substr(0, 40)), " is no size"));
  return *value;
}

}  // namespace

void add_piece(SparsePiece piece, SparseMap& map) {
  if (map.pieces.size() >= kMostSparsePieces) refuse_map(text::join("more than ", kMostSparsePieces, " pieces"));
  map.pieces.push_back(piece);
}

void add_pieces(std::span<const std::string_view> numbers, SparseMap& map) {
  if (numbers.size() % 2 != 0) refuse_map("a piece without a size");
  for (std::size_t i = 0; i < numbers.size(); i += 2) add_piece({plain_number(numbers[i]), plain_number(numbers[i + 1])}, map);
}

bool read_sparse_record(std::string_view key, std::string_view value, SparseMap& map) {
  if (key == "GNU.sparse.major") {
    if (plain_number(value) > 1) refuse_map(text::join("version ", plain_number(value), " of its format is not known"));
    map.before_content = plain_number(value) == 1;
  } else if (key == "GNU.sparse.size" || key == "GNU.sparse.realsize") {
    map.whole = plain_number(value);
  } else if (key == "GNU.sparse.offset") {
    add_piece({plain_number(value), 0}, map);
  } else if (key == "GNU.sparse.numbytes") {
    if (map.pieces.empty()) refuse_map("a size without a piece");
    map.pieces.back().size = plain_number(value);
  } else if (key == "GNU.sparse.map") {
    add_pieces(text::split(value, ','), map);
  } else {
    return false;
  }
  return true;
}

std::size_t count_of_pieces(std::string_view text) {
  const std::uint64_t count = plain_number(text.substr(0, text.find('\n')));
  if (count > kMostSparsePieces) refuse_map(text::join("more than ", kMostSparsePieces, " pieces"));
  return static_cast<std::size_t>(count);
}

void check_sparse_map(const SparseMap& map, std::uint64_t data) {
  std::uint64_t end = 0, sum = 0;
  for (const SparsePiece& piece : map.pieces) {
    if (piece.offset < end) refuse_map("its pieces are not in order");
    if (piece.offset > kLargestFile || piece.size > kLargestFile || piece.offset + piece.size > map.whole)
      refuse_map("a piece lies behind its end");
    end = piece.offset + piece.size;
    sum += piece.size;
  }
  if (sum != data) refuse_map(text::join("its pieces have ", sum, " bytes, and its content ", data));
}

}  // namespace caisson::image
