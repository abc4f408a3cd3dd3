#include "image/unpack.hpp"

#include <sys/types.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/beside.hpp"
#include "image/image_record.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

// Of the layers below, and of one more.
Digest chain_of(const std::vector<Unpacked>& below, const Digest& last) {
  std::vector<Digest> ids;
  for (const Unpacked& layer : below) ids.push_back(layer.record.diff_id);
  ids.push_back(last);
  return chain_id(ids, ids.size());
}

std::optional<LayerRecord> known_layer(const Store& store, const LayerContent& content, const std::vector<Unpacked>& below) {
  if (!content.diff_id) return std::nullopt;
  if (auto layer = store.layer(content.diff_id->hex(), *content.diff_id)) return layer;
  return store.layer(chain_of(below, *content.diff_id).hex(), *content.diff_id);
}

void compare(const Digest& expected, const Digest& found, std::string_view what) {
  if (expected == found) return;
  throw Error(ErrorKind::Spec,
              text::join(what, " is not what the image says: sha256 ", found.hex(), " instead of ", expected.hex()))
      .with_hint("the image is damaged, or somebody changed it: get it again from where it came");
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

// While it lives the modes are those that archives say.
class NoUmask {
 public:
  NoUmask() : before_(sys::set_umask(0)) {}
  NoUmask(const NoUmask&) = delete;
  NoUmask& operator=(const NoUmask&) = delete;
  ~NoUmask() { sys::set_umask(before_); }

 private:
  mode_t before_;
};

// What is in the archive, whose digests are right when this returns.
Digest read_archive(const LayerContent& content, LayerWriter& writer) {
  std::optional<HashedBeside> compressed;
  if (content.digest) compressed.emplace(content.range, content.name);
  const auto plain = plain_source(content.range, content.name);
  WatchedSource watched(*plain, content.progress, content.before);
  HashedSource archive(watched);
  TarReader reader(archive);
  while (reader.next()) writer.add(reader);
  if (!content.diff_id && !reader.had_end())
    throw Error(ErrorKind::Spec, "tar: the archive is cut short").with_hint("was the file copied or downloaded whole?");
  writer.finish();
  const Digest diff_id = archive.finish();
  if (compressed) compare(*content.digest, compressed->finish(), "its content");
  if (content.diff_id) compare(*content.diff_id, diff_id, "the archive in it");
  return diff_id;
}

void write_meta(const Scratch& scratch, const LayerRecord& layer) {
  const auto meta =
      sys::open_at(scratch.directory(), "meta.json", O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make meta.json");
  sys::write_full(meta.borrow(), write_layer_meta(layer)).or_throw("write meta.json");
}

}  // namespace

Unpacked unpack(const Store& store, const LayerContent& content, const std::vector<Unpacked>& below,
                std::vector<std::string>& notes) {
  if (auto known = known_layer(store, content, below)) return {*known, store.layer_directory(known->key), std::nullopt};
  const NoUmask no_umask;
  Scratch scratch = store.make_scratch();
  sys::make_dir(scratch.directory(), "fs", 0755).or_throw("make the directory of a layer");
  const LayerView view = view_of(below);
  LayerWriter writer(sys::open_at(scratch.directory(), "fs", O_RDONLY | O_DIRECTORY).or_throw("open the directory of a layer"),
                     view, content.whiteouts, content.owners);
  try {
    const Digest diff_id = read_archive(content, writer);
    note_what_is_missing(writer.counts(), content, notes);
    const LayerRecord layer{.key = writer.depends_on_lower() ? chain_of(below, diff_id).hex() : diff_id.hex(),
                            .diff_id = diff_id,
                            .bytes = writer.counts().bytes,
                            .entries = writer.counts().entries};
    write_meta(scratch, layer);
    std::string directory = text::join(store.path(), "/tmp/", scratch.name(), "/fs");
    return {layer, std::move(directory), std::move(scratch)};
  } catch (Error& error) {
    throw std::move(error.within(content.name));
  }
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
