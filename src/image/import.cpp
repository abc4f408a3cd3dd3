#include "image/import.hpp"

#include "image/packed_tree.hpp"
#include "image/reference.hpp"
#include "sys/file.hpp"

namespace caisson::image {

Loaded import_directory(const Store& store, const std::string& path, const LoadOptions& options) {
  if (!options.name.empty()) static_cast<void>(parse_reference(options.name));
  const auto dir = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open ", path);
  const Scratch scratch = store.make_scratch();
  std::vector<std::string> notes;
  const PackedTree packed = pack_tree(scratch, dir.borrow(), TreeKind::Root, path, notes);
  Loaded loaded = load_root(store, packed.range(), path, options);
  loaded.notes.insert(loaded.notes.begin(), notes.begin(), notes.end());
  return loaded;
}

}  // namespace caisson::image
