// Which parts of an open file are data: man 2 lseek, SEEK_DATA and SEEK_HOLE.
#pragma once

#include <cstdint>
#include <optional>

#include "image/sparse_map.hpp"
#include "sys/fd.hpp"

namespace caisson::image {

// Of its first `size` bytes, with an empty piece at the end where that is a hole. Nothing for a file whose holes are not worth
// to be told, or that is on a file system which knows none. Small holes of a file with very many are data then. The position of
// the descriptor changes. Throws Error.
std::optional<SparseMap> pieces_of(sys::BorrowedFd file, std::uint64_t size);

}  // namespace caisson::image
