// The archive of one layer into a directory, with every digest checked.
#pragma once

#include <optional>
#include <string>

#include "image/byte_source.hpp"
#include "image/layer_view.hpp"
#include "image/layer_writer.hpp"

namespace caisson::image {

struct LayerContent {
  std::string name;               // for messages
  FileRange range;                // perhaps compressed
  std::optional<Digest> digest;   // of the range; none: the format has none
  std::optional<Digest> diff_id;  // of the archive inside; none: it becomes known
  Whiteouts whiteouts = Whiteouts::Apply;
  Owners owners = Owners::Keep;
  Progress* progress = nullptr;  // of all layers together
};

struct FilledLayer {
  Digest diff_id;
  LayerCounts counts;
  bool depends_on_lower = false;
};

inline constexpr const char* kLayerFiles = "fs";
// scratch: has the empty directory kLayerFiles. lower: the layers below, from the top down.
FilledLayer fill_layer(const LayerContent& content, sys::BorrowedFd scratch, const LayerView& lower);

}  // namespace caisson::image
