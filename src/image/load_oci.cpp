#include "image/load_oci.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/config.hpp"
#include "image/reference.hpp"
#include "image/unpack.hpp"

namespace caisson::image {
namespace {

constexpr unsigned kDeepestIndex = 4;

FileRange find_blob(Archive& archive, const Descriptor& blob) {
  const FileRange range = archive.find(text::join("blobs/sha256/", blob.digest.hex()));
  // Before anything is hashed: what is too long is not read at all.
  if (range.size != blob.size)
    throw Error(ErrorKind::Spec, text::join(blob.digest.text(), ": ", range.size, " bytes, and the image says ", blob.size));
  return range;
}

std::string read_blob(Archive& archive, const Descriptor& blob) {
  static_cast<void>(find_blob(archive, blob));
  std::string text = archive.document(text::join("blobs/sha256/", blob.digest.hex()));
  if (const Digest found = Digest::of(text); !(found == blob.digest))
    throw Error(ErrorKind::Spec, text::join(blob.digest.text(), ": is not what its name says: sha256 ", found.hex()))
        .with_hint("the image is damaged, or somebody changed it: get it again from where it came");
  return text;
}

template <class Read>
auto read_document(std::string_view name, Read read) {
  try {
    return read();
  } catch (Error& error) {
    throw std::move(error.within(std::string(name)));
  }
}

// Manifests of an index and of those in it, each with the name of the entry that led there.
void collect(Archive& archive, const Index& index, const std::string& name, unsigned depth, std::vector<Descriptor>& out) {
  for (const Descriptor& one : index.manifests) {
    Descriptor named = one;
    if (depth > 0) named.name = name;
    if (!is_index(one.media_type)) {
      out.push_back(std::move(named));
      continue;
    }
    if (depth >= kDeepestIndex) throw Error(ErrorKind::Spec, "indexes inside of each other more than four deep");
    const std::string text = read_blob(archive, one);
    collect(archive, read_document(one.digest.text(), [&] { return read_index(text); }), named.name, depth + 1, out);
  }
}

std::string platforms_of(const std::vector<Descriptor>& manifests) {
  std::vector<std::string> all;
  for (const Descriptor& one : manifests) all.push_back(one.platform.architecture.empty() ? "not said" : one.platform.text());
  return text::join_with(all, ", ");
}

const Descriptor& best_of(const std::vector<Descriptor>& manifests, const Platform& wanted) {
  const Descriptor* best = nullptr;
  unsigned most = 0;
  for (const Descriptor& one : manifests) {
    const unsigned fits = fitness(one.platform, wanted);
    if (fits == 0 || fits < most) continue;
    if (best != nullptr && fits == most && !(best->digest == one.digest) && one.name.empty())
      throw Error(ErrorKind::Spec, "several images without names for the same platform")
          .with_hint("copy the one that is meant with skopeo, which gives it a name");
    best = &one;
    most = fits;
  }
  if (best == nullptr)
    throw Error(ErrorKind::Spec, text::join("the image is not for ", wanted.text(), "; it is for: ", platforms_of(manifests)))
        .with_hint("--platform takes another one of these");
  return *best;
}

void check_platform(const ImageConfig& config, const Platform& wanted) {
  if (fitness({config.os, config.architecture, config.variant}, wanted) > 0) return;
  throw Error(ErrorKind::Spec, text::join("the image is for ", Platform{config.os, config.architecture, config.variant}.text(),
                                          ", not for ", wanted.text()))
      .with_hint("--platform loads it all the same");
}

void check_count(std::size_t layers, const ImageConfig& config) {
  if (layers == config.diff_ids.size()) return;
  throw Error(ErrorKind::Spec, text::join("the image has ", layers, " layers, and its configuration ", config.diff_ids.size()));
}

// The standard's name is a tag, which is one of the image that the file is called after; others write whole names there.
std::string name_in_layout(const std::string& written, const std::string& path) {
  if (written.empty()) return path == "-" ? "" : name_of_file(path);
  if (written.find_first_of(":/") != std::string::npos) return written;
  return path == "-" ? written : text::join(name_of_file(path), ':', written);
}

// Tells each layer who watches. How much will be read of all.
std::uint64_t size_up(const Store& store, std::vector<LayerContent>& layers, Progress* progress) {
  std::uint64_t sum = 0;
  for (LayerContent& layer : layers) {
    layer.progress = progress;
    if (!store.layer(layer.diff_id->hex(), *layer.diff_id)) sum += layer.range.size;
  }
  return sum;
}

std::vector<Unpacked> take_layers(const Store& store, std::vector<LayerContent> contents, const LoadOptions& options,
                                  std::vector<std::string>& notes) {
  const std::uint64_t sum = size_up(store, contents, options.progress);
  // Unpacked they are no smaller: what does not fit as it is will not fit at all.
  if (sum > 0) store.require_room(sum);
  if (options.progress != nullptr) options.progress->begin("unpacking", sum);
  return unpack_all(store, contents, notes);
}

Image load_manifest(const Store& store, Archive& archive, const Descriptor& manifest, const LoadOptions& options,
                    const std::vector<std::string>& names, std::vector<std::string>& notes) {
  const std::string text = read_blob(archive, manifest);
  const Manifest parts = read_document(manifest.digest.text(), [&] { return read_manifest(text, manifest.media_type); });
  const std::string config_text = read_blob(archive, parts.config);
  const ImageConfig config = read_document(parts.config.digest.text(), [&] { return read_config(config_text); });
  check_platform(config, options.platform.value_or(platform_of_machine()));
  check_count(parts.layers.size(), config);
  std::vector<LayerContent> contents;
  for (std::size_t i = 0; i < parts.layers.size(); ++i)
    contents.push_back({.name = text::join("layer ", i + 1, " of ", parts.layers.size()),
                        .range = find_blob(archive, parts.layers[i]),
                        .digest = parts.layers[i].digest,
                        .diff_id = config.diff_ids[i],
                        .owners = options.owners});
  return keep(store, {.config = config_text, .names = names, .durability = options.durability},
              take_layers(store, std::move(contents), options, notes));
}

Image load_docker_image(const Store& store, Archive& archive, const DockerImage& image, const LoadOptions& options,
                        const std::vector<std::string>& names, std::vector<std::string>& notes) {
  const std::string config_text = archive.document(text::clean_path(image.config));
  const ImageConfig config = read_document(image.config, [&] { return read_config(config_text); });
  check_platform(config, options.platform.value_or(platform_of_machine()));
  check_count(image.layers.size(), config);
  std::vector<LayerContent> contents;
  for (std::size_t i = 0; i < image.layers.size(); ++i)
    contents.push_back({.name = text::join("layer ", i + 1, " of ", image.layers.size()),
                        .range = archive.find(text::clean_path(image.layers[i])),
                        .digest = {},
                        .diff_id = config.diff_ids[i],
                        .owners = options.owners});
  return keep(store, {.config = config_text, .names = names, .durability = options.durability},
              take_layers(store, std::move(contents), options, notes));
}

[[noreturn]] void refuse_one_name(const std::string& path, std::size_t count) {
  throw Error(ErrorKind::Usage, text::join("--name: ", path, " holds ", count, " images, and one name is given"))
      .with_hint("load it without --name; each image has a name of its own");
}

}  // namespace

std::string usable_name(const std::string& name, std::vector<std::string>& notes) {
  if (name.empty() || name == "-") return {};
  try {
    return parse_reference(name);
  } catch (const Error& error) {
    notes.push_back(text::join("the image has no name: ", error.message()));
    return {};
  }
}

Loaded load_oci(const Store& store, Archive& archive, const std::string& path, const LoadOptions& options) {
  const std::string text = archive.document("index.json");
  std::vector<Descriptor> all;
  collect(archive, read_document("index.json", [&] { return read_index(text); }), {}, 0, all);
  std::map<std::string, std::vector<Descriptor>> by_name;
  for (Descriptor& one : all) by_name[one.name].push_back(std::move(one));
  if (by_name.empty()) throw Error(ErrorKind::Spec, text::join(path, ": there is no image of a container in it"));
  if (!options.name.empty() && by_name.size() > 1) refuse_one_name(path, by_name.size());
  Loaded loaded;
  for (const auto& [written, manifests] : by_name) {
    const Descriptor& chosen = best_of(manifests, options.platform.value_or(platform_of_machine()));
    const std::string name = options.name.empty() ? name_in_layout(written, path) : options.name;
    loaded.images.push_back(load_manifest(store, archive, chosen, options, {usable_name(name, loaded.notes)}, loaded.notes));
  }
  return loaded;
}

Loaded load_docker(const Store& store, Archive& archive, const std::string& path, const LoadOptions& options) {
  const std::string text = archive.document("manifest.json");
  const std::vector<DockerImage> images = read_document("manifest.json", [&] { return read_docker_manifest(text); });
  if (images.empty()) throw Error(ErrorKind::Spec, text::join(path, ": there is no image in it"));
  if (!options.name.empty() && images.size() > 1) refuse_one_name(path, images.size());
  Loaded loaded;
  for (const DockerImage& image : images) {
    std::vector<std::string> names;
    if (!options.name.empty())
      names.push_back(parse_reference(options.name));
    else
      for (const std::string& name : image.names) names.push_back(usable_name(name, loaded.notes));
    loaded.images.push_back(load_docker_image(store, archive, image, options, names, loaded.notes));
  }
  return loaded;
}

}  // namespace caisson::image
