// The content of a member of an archive into a new file, with the holes that it had.
#pragma once

#include <string_view>

#include "image/tar_reader.hpp"

namespace caisson::image {

// name: for messages.
void write_content(TarReader& reader, sys::BorrowedFd file, std::string_view name);

}  // namespace caisson::image
