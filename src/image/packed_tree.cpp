#include "image/packed_tree.hpp"

#include <fcntl.h>

#include "sys/file.hpp"

namespace caisson::image {

PackedTree pack_tree(const Scratch& scratch, sys::BorrowedFd dir, TreeKind kind, const std::string& what,
                     std::vector<std::string>& notes, const std::vector<std::string>& left_out) {
  PackedTree packed;
  packed.file = sys::open_at(scratch.directory(), "packed", O_RDWR | O_CREAT | O_EXCL, 0600).or_throw("pack ", what);
  ByteSink sink(packed.file.borrow(), "packed " + what);
  TarWriter writer(sink, Holes::Kept);
  write_tree(writer, dir, kind, notes, left_out);
  writer.finish();
  packed.size = sink.size();
  return packed;
}

}  // namespace caisson::image
