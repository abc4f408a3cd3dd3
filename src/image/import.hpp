// A directory that holds a root filesystem, as an image of one layer. It is packed and taken in as any archive is, so that the
// image gets the same digests as one that was packed elsewhere.
#pragma once

#include <string>

#include "image/load.hpp"

namespace caisson::image {

Loaded import_directory(const Store& store, const std::string& path, const LoadOptions& options);

}  // namespace caisson::image
