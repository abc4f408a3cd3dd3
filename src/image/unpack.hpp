// The layers of an image, verified and unpacked beside the store's own, and then the whole image into the store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/byte_source.hpp"
#include "image/layer_writer.hpp"
#include "image/store.hpp"

namespace caisson::image {

struct LayerContent {
  std::string name;               // for messages
  FileRange range;                // perhaps compressed
  std::optional<Digest> digest;   // of the range; none: the format has none
  std::optional<Digest> diff_id;  // of the archive inside; none: it becomes known
  Whiteouts whiteouts = Whiteouts::Apply;
  Owners owners = Owners::Keep;
  Progress* progress = nullptr;  // of all layers together
  std::uint64_t before = 0;      // how much of them is read when this one begins
};

struct Unpacked {
  LayerRecord record;
  std::string directory;           // where it lies now
  std::optional<Scratch> scratch;  // none: the store had it
};

// below: the layers of the image up to this one, bottom first. Adds to notes what was left out.
Unpacked unpack(const Store& store, const LayerContent& content, const std::vector<Unpacked>& below,
                std::vector<std::string>& notes);

struct NewImage {
  std::string config;
  std::vector<std::string> names;  // empty ones are left out
  Durability durability = Durability::OnDisk;
};
// Only now do the layers become the store's, so that an image of which one layer is wrong leaves nothing.
Image keep(const Store& store, const NewImage& image, const std::vector<Unpacked>& layers);

}  // namespace caisson::image
