// One layer of an image into the store: verified, unpacked, kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/byte_source.hpp"
#include "image/layer_writer.hpp"
#include "image/store.hpp"

namespace caisson::image {

struct LayerContent {
  std::string name;  // for messages
  FileRange range;   // perhaps compressed
  std::optional<Digest> digest;   // of the range; none: the format has none
  std::optional<Digest> diff_id;  // of the archive inside; none: it becomes known
  Whiteouts whiteouts = Whiteouts::Apply;
  Durability durability = Durability::OnDisk;
};

// below: the layers of the image up to this one, bottom first. Adds to notes what was left out.
LayerRecord unpack(const Store& store, const LayerContent& content, const std::vector<LayerRecord>& below,
                   std::vector<std::string>& notes);

}  // namespace caisson::image
