// An image as an OCI archive. Its layers are packed anew from the store, uncompressed: content and attributes are the same, but
// the digests, and with them the id, are those of the new archives.
#pragma once

#include <string>
#include <vector>

#include "image/store.hpp"

namespace caisson::image {

// path: "-" is standard output. What stands there is replaced when all is written.
void export_image(const Store& store, const Image& image, const std::string& path, std::vector<std::string>& notes);

}  // namespace caisson::image
