// Images into the store: from docker save, OCI archives and layouts, and whole roots in a tar file, each also compressed. Every
// digest is checked while its bytes are read; a layer is kept only when it is what the image says, and an image only when all
// of its layers are kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/byte_source.hpp"
#include "image/layer_writer.hpp"
#include "image/manifest.hpp"
#include "image/store.hpp"

namespace caisson::image {

struct LoadOptions {
  std::string name;  // instead of those that the image brings; empty: those
  std::optional<Platform> platform;
  Durability durability = Durability::OnDisk;
  Owners owners = Owners::Keep;
  Progress* progress = nullptr;  // nullptr: nobody watches
};

struct Loaded {
  std::vector<Image> images;
  std::vector<std::string> notes;  // what was left out, one sentence each
};

// path: a file, "-" for standard input, or the directory of an OCI layout.
Loaded load(const Store& store, const std::string& path, const LoadOptions& options);
// A tar file: a root filesystem of one layer. path: for messages, and for its name when the options have none.
Loaded load_root(const Store& store, FileRange tar, const std::string& path, const LoadOptions& options);

}  // namespace caisson::image
