#include "image/unpack.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/image_record.hpp"
#include "image/layers_beside.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

std::vector<Digest> ids_of(const std::vector<Unpacked>& layers) {
  std::vector<Digest> ids;
  for (const Unpacked& layer : layers) ids.push_back(layer.record.diff_id);
  return ids;
}

// Of the layers below, and of one more.
Digest chain_of(std::vector<Digest> below, const Digest& last) {
  below.push_back(last);
  return chain_id(below, below.size());
}

std::optional<LayerRecord> known_layer(const Store& store, const LayerContent& content, const std::vector<Digest>& below) {
  if (!content.diff_id) return std::nullopt;
  if (auto layer = store.layer(content.diff_id->hex(), *content.diff_id)) return layer;
  return store.layer(chain_of(below, *content.diff_id).hex(), *content.diff_id);
}

void note_what_is_missing(const LayerCounts& counts, const LayerContent& content, std::vector<std::string>& notes) {
  if (counts.devices_left_out > 0)
    notes.push_back(
        text::join(content.name, ": ", counts.devices_left_out, " device files were left out: they cannot be made here"));
  if (counts.owners_left_out > 0)
    notes.push_back(
        text::join(content.name, ": ", counts.owners_left_out,
                   " files of other users belong to root now: without ranges in /etc/subuid and /etc/subgid, and newuidmap, ",
                   "there is one id"));
  if (counts.attributes_left_out > 0)
    notes.push_back(text::join(content.name, ": ", counts.attributes_left_out,
                               " extended attributes were left out: they belong to another host, or cannot be set here"));
}

LayerView view_of(const std::vector<Unpacked>& below) {
  std::vector<std::string> directories;
  for (const Unpacked& layer : below) directories.push_back(layer.directory);
  std::ranges::reverse(directories);
  return LayerView(directories);
}

void write_meta(const Scratch& scratch, const LayerRecord& layer) {
  const auto meta =
      sys::open_at(scratch.directory(), "meta.json", O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make meta.json");
  sys::write_full(meta.borrow(), write_layer_meta(layer)).or_throw("write meta.json");
}

Scratch new_scratch(const Store& store) {
  Scratch scratch = store.make_scratch();
  sys::make_dir(scratch.directory(), kLayerFiles, 0755).or_throw("make the directory of a layer");
  return scratch;
}

std::string files_of(const Store& store, const Scratch& scratch) {
  return text::join(store.path(), "/tmp/", scratch.name(), "/", kLayerFiles);
}

struct Made {
  FilledLayer filled;
  Scratch scratch;
};

Unpacked unpacked(const Store& store, const LayerContent& content, const std::vector<Digest>& below, Made made,
                  std::vector<std::string>& notes) {
  const auto& [diff_id, counts, depends_on_lower] = made.filled;
  note_what_is_missing(counts, content, notes);
  const LayerRecord layer{.key = depends_on_lower ? chain_of(below, diff_id).hex() : diff_id.hex(),
                          .diff_id = diff_id,
                          .bytes = counts.bytes,
                          .entries = counts.entries};
  write_meta(made.scratch, layer);
  std::string directory = files_of(store, made.scratch);
  return {layer, std::move(directory), std::move(made.scratch)};
}

}  // namespace

Unpacked unpack(const Store& store, const LayerContent& content, const std::vector<Unpacked>& below,
                std::vector<std::string>& notes) {
  const std::vector<Digest> ids = ids_of(below);
  if (auto known = known_layer(store, content, ids)) return {*known, store.layer_directory(known->key), std::nullopt};
  Scratch scratch = new_scratch(store);
  const FilledLayer filled = fill_layer(content, scratch.directory(), view_of(below));
  return unpacked(store, content, ids, {filled, std::move(scratch)}, notes);
}

std::vector<Unpacked> unpack_all(const Store& store, const std::vector<LayerContent>& contents,
                                 std::vector<std::string>& notes) {
  std::vector<Digest> ids;
  std::vector<std::optional<LayerRecord>> known;
  for (const LayerContent& content : contents) {
    known.push_back(known_layer(store, content, ids));
    ids.push_back(*content.diff_id);
  }
  std::vector<Scratch> scratches;  // gone after the processes that fill them
  std::vector<std::string> directories;
  LayersBeside beside;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!known[i]) {
      scratches.push_back(new_scratch(store));
      beside.add(contents[i], scratches.back().directory(), directories);
    }
    directories.insert(directories.begin(),
                       known[i] ? store.layer_directory(known[i]->key) : files_of(store, scratches.back()));
  }
  const std::vector<FilledLayer> filled = beside.fill();
  std::vector<Unpacked> layers;
  for (std::size_t i = 0, next = 0; i < contents.size(); ++i) {
    if (known[i]) {
      layers.push_back({*known[i], store.layer_directory(known[i]->key), std::nullopt});
      continue;
    }
    layers.push_back(unpacked(store, contents[i], ids_of(layers), {filled[next], std::move(scratches[next])}, notes));
    ++next;
  }
  return layers;
}

Image keep(const Store& store, const NewImage& image, const std::vector<Unpacked>& layers) {
  // Once for all layers, and before any of them gets its name: a rename may reach the disk before the files do.
  const bool any_new = std::ranges::any_of(layers, [](const Unpacked& layer) { return layer.scratch.has_value(); });
  if (any_new && image.durability == Durability::OnDisk) store.sync();
  std::vector<LayerRecord> records;
  for (const Unpacked& layer : layers) {
    if (layer.scratch) store.keep_layer(*layer.scratch, layer.record);
    records.push_back(layer.record);
  }
  Image kept = store.keep_image(image.config, records);
  for (const std::string& name : image.names) {
    if (name.empty()) continue;
    store.tag(name, kept.id);
    if (std::ranges::find(kept.names, name) == kept.names.end()) kept.names.push_back(name);
  }
  std::ranges::sort(kept.names);
  return kept;
}

}  // namespace caisson::image
