#include "image/import.hpp"

#include "image/reference.hpp"
#include "image/tar_writer.hpp"
#include "sys/file.hpp"

namespace caisson::image {

Loaded import_directory(const Store& store, const std::string& path, const LoadOptions& options) {
  if (!options.name.empty()) static_cast<void>(parse_reference(options.name));
  const auto dir = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open ", path);
  const Scratch scratch = store.make_scratch();
  const auto packed = sys::open_at(scratch.directory(), "packed", O_RDWR | O_CREAT | O_EXCL, 0600).or_throw("pack ", path);
  std::vector<std::string> notes;
  ByteSink sink(packed.borrow(), "packed " + path);
  TarWriter writer(sink);
  write_tree(writer, dir.borrow(), TreeKind::Root, notes);
  writer.finish();
  Loaded loaded = load_root(store, {packed.borrow(), 0, sink.size()}, path, options);
  loaded.notes.insert(loaded.notes.begin(), notes.begin(), notes.end());
  return loaded;
}

}  // namespace caisson::image
