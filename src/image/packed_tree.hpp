// A directory tree as an archive beside the store's own files, which is then taken in as any archive is: so a layer has the
// same digest wherever it was packed.
#pragma once

#include <string>
#include <vector>

#include "image/byte_source.hpp"
#include "image/store.hpp"
#include "image/tar_writer.hpp"

namespace caisson::image {

struct PackedTree {
  sys::UniqueFd file;
  std::uint64_t size = 0;
  FileRange range() const { return {file.borrow(), 0, size}; }
};
// what: for messages. Adds to notes what an archive cannot hold.
PackedTree pack_tree(const Scratch& scratch, sys::BorrowedFd dir, TreeKind kind, const std::string& what,
                     std::vector<std::string>& notes, const std::vector<std::string>& left_out = {});

}  // namespace caisson::image
