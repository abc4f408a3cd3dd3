// What the store writes beside a layer and an image, as JSON. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/store.hpp"

namespace caisson::image {

std::string write_layer_meta(const LayerRecord& layer);
void read_layer_meta(std::string_view text, LayerRecord& out);
std::string write_image_record(const std::vector<LayerRecord>& layers);
// Keys are checked: they become parts of paths.
std::vector<LayerRecord> read_image_record(std::string_view text);

}  // namespace caisson::image
