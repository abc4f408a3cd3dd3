#include "image/unpack.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/decompress.hpp"
#include "image/image_record.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

// Of the layers below, and of one more.
Digest chain_of(const std::vector<LayerRecord>& below, const Digest& last) {
  std::vector<Digest> ids;
  for (const LayerRecord& layer : below) ids.push_back(layer.diff_id);
  ids.push_back(last);
  return chain_id(ids, ids.size());
}

std::optional<LayerRecord> known_layer(const Store& store, const LayerContent& content, const std::vector<LayerRecord>& below) {
  if (!content.diff_id) return std::nullopt;
  if (auto layer = store.layer(content.diff_id->hex(), *content.diff_id)) return layer;
  return store.layer(chain_of(below, *content.diff_id).hex(), *content.diff_id);
}

void compare(const Digest& expected, const Digest& found, std::string_view what) {
  if (expected == found) return;
  throw Error(ErrorKind::Spec, text::join(what, " is not what the image says: sha256 ", found.hex(), " instead of ", expected.hex()))
      .with_hint("the image is damaged, or somebody changed it: get it again from where it came");
}

void note_what_is_missing(const LayerCounts& counts, const LayerContent& content, std::vector<std::string>& notes) {
  if (counts.devices_left_out > 0)
    notes.push_back(text::join(content.name, ": ", counts.devices_left_out, " device files were left out: they cannot be made here"));
  if (counts.attributes_left_out > 0)
    notes.push_back(text::join(content.name, ": ", counts.attributes_left_out,
                               " extended attributes were left out: they belong to another host, or cannot be set here"));
}

LayerView view_of(const Store& store, const std::vector<LayerRecord>& below) {
  std::vector<std::string> directories;
  for (const LayerRecord& layer : below) directories.push_back(store.layer_directory(layer.key));
  std::ranges::reverse(directories);
  return LayerView(directories);
}

}  // namespace

LayerRecord unpack(const Store& store, const LayerContent& content, const std::vector<LayerRecord>& below,
                   std::vector<std::string>& notes) {
  if (auto known = known_layer(store, content, below)) return *known;
  const Scratch scratch = store.make_scratch();
  sys::make_dir(scratch.directory(), "fs", 0755).or_throw("make the directory of a layer");
  const LayerView view = view_of(store, below);
  LayerWriter writer(sys::open_at(scratch.directory(), "fs", O_RDONLY | O_DIRECTORY).or_throw("open the directory of a layer"),
                     view, content.whiteouts);
  FileSource file(content.range, content.name);
  HashedSource compressed(file);
  Decompressed plain(compressed, content.name);
  HashedSource archive(plain);
  try {
    TarReader reader(archive);
    while (reader.next()) writer.add(reader);
    if (!content.diff_id && !reader.had_end())
      throw Error(ErrorKind::Spec, "tar: the archive is cut short").with_hint("was the file copied or downloaded whole?");
    writer.finish();
  } catch (Error& error) {
    throw std::move(error.within(content.name));
  }
  const Digest diff_id = archive.finish();
  if (content.digest) compare(*content.digest, compressed.finish(), content.name);
  if (content.diff_id) compare(*content.diff_id, diff_id, text::join("the archive in ", content.name));
  note_what_is_missing(writer.counts(), content, notes);
  LayerRecord layer{.key = writer.depends_on_lower() ? chain_of(below, diff_id).hex() : diff_id.hex(),
                    .diff_id = diff_id,
                    .bytes = writer.counts().bytes,
                    .entries = writer.counts().entries};
  const auto meta = sys::open_at(scratch.directory(), "meta.json", O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make meta.json");
  sys::write_full(meta.borrow(), write_layer_meta(layer)).or_throw("write meta.json");
  if (content.durability == Durability::OnDisk) store.sync();  // a rename may reach the disk before the files do
  store.keep_layer(scratch, layer);
  return layer;
}

}  // namespace caisson::image
