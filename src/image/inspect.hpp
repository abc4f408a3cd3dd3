// An image in full, as JSON for people and scripts. Pure but for the paths, which are of the store.
#pragma once

#include <string>

#include "image/store.hpp"

namespace caisson::image {

std::string describe_as_json(const Store& store, const Image& image);

}  // namespace caisson::image
