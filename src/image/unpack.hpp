// The layers of an image, verified and unpacked beside the store's own, and then the whole image into the store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/fill_layer.hpp"
#include "image/store.hpp"

namespace caisson::image {

struct Unpacked {
  LayerRecord record;
  std::string directory;           // where it lies now
  std::optional<Scratch> scratch;  // none: the store had it
};

// below: the layers of the image up to this one, bottom first. Adds to notes what was left out.
Unpacked unpack(const Store& store, const LayerContent& content, const std::vector<Unpacked>& below,
                std::vector<std::string>& notes);

// All layers of an image, bottom first; those that the store lacks several at once, each in a process of its own, which waits
// for the ones below it only where it has to look into them. Every diff_id must be given. What is said of progress is for all
// together.
std::vector<Unpacked> unpack_all(const Store& store, const std::vector<LayerContent>& contents,
                                 std::vector<std::string>& notes);

struct NewImage {
  std::string config;
  std::vector<std::string> names;  // empty ones are left out
  Durability durability = Durability::OnDisk;
};
// Only now do the layers become the store's, so that an image of which one layer is wrong leaves nothing.
Image keep(const Store& store, const NewImage& image, const std::vector<Unpacked>& layers);

}  // namespace caisson::image
