#include "image/write_content.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "image/quoted_name.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

// What a reader gives need not end where a piece of the file does.
void write_pieces(TarReader& reader, const SparseMap& map, sys::BorrowedFd file, std::string_view name) {
  std::string_view content;
  for (const SparsePiece& piece : map.pieces) {
    if (piece.size > 0) sys::set_position(file, piece.offset).or_throw("write file ", QuotedName(name));
    for (std::uint64_t left = piece.size; left > 0;) {
      if (content.empty()) content = reader.content();
      const std::string_view now = content.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, content.size())));
      sys::write_full(file, now).or_throw("write file ", QuotedName(name));
      content.remove_prefix(now.size());
      left -= now.size();
    }
  }
  // A hole at the end is nothing that could be written.
  sys::cut_file(file, map.whole).or_throw("make file ", QuotedName(name), " ", map.whole, " bytes long");
}

}  // namespace

void write_content(TarReader& reader, sys::BorrowedFd file, std::string_view name) {
  if (reader.entry().sparse) return write_pieces(reader, *reader.entry().sparse, file, name);
  for (std::string_view piece = reader.content(); !piece.empty(); piece = reader.content())
    sys::write_full(file, piece).or_throw("write file ", QuotedName(name));
}

}  // namespace caisson::image
