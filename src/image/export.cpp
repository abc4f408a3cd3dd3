#include "image/export.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/tar_writer.hpp"
#include "json/copy.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::image {
namespace {

struct Packed {
  Digest digest;
  std::uint64_t size = 0;
};

Packed write_layer(const Store& store, const LayerRecord& layer, ByteSink& sink, std::vector<std::string>& notes) {
  const auto dir = sys::open_at(sys::kCwd, store.layer_directory(layer.key).c_str(), O_RDONLY | O_DIRECTORY)
                       .or_throw("open layer ", layer.key);
  TarWriter writer(sink);
  write_tree(writer, dir.borrow(), TreeKind::Layer, notes);
  writer.finish();
  return {Digest(sink.finish_hash()), sink.size()};
}

// The image's own configuration with the layers as they are packed now; what this program does not know stays in it.
std::string config_for(const Image& image, const std::vector<Packed>& layers) {
  const json::Document document(image.config);
  std::vector<Digest> diff_ids;
  for (const Packed& layer : layers) diff_ids.push_back(layer.digest);
  json::Writer out(json::kCompact);
  out.begin_object();
  json::copy_members(document.root(), out, std::array{std::string_view("rootfs")});
  write_rootfs(out, diff_ids);
  out.end_object();
  return out.take();
}

void descriptor(json::Writer& out, std::string_view type, const Packed& content) {
  out.key("mediaType").string(type);
  out.key("digest").string(content.digest.text());
  out.key("size").integer(content.size);
}

Packed packed(std::string_view document) { return {Digest::of(document), document.size()}; }

constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";

std::string manifest_for(const Packed& config, const std::vector<Packed>& layers) {
  json::Writer out(json::kCompact);
  out.begin_object();
  out.key("schemaVersion").integer(2);
  out.key("mediaType").string(kManifestType);
  out.key("config").begin_object();
  descriptor(out, "application/vnd.oci.image.config.v1+json", config);
  out.end_object();
  out.key("layers").begin_array();
  for (const Packed& layer : layers) {
    out.begin_object();
    descriptor(out, "application/vnd.oci.image.layer.v1.tar", layer);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string index_for(const Image& image, const Packed& manifest) {
  json::Writer out(json::kCompact);
  out.begin_object();
  out.key("schemaVersion").integer(2);
  out.key("manifests").begin_array();
  const std::vector<std::string> names = image.names.empty() ? std::vector<std::string>{""} : image.names;
  for (const std::string& name : names) {
    out.begin_object();
    descriptor(out, kManifestType, manifest);
    if (!name.empty()) {
      out.key("annotations").begin_object();
      out.key("org.opencontainers.image.ref.name").string(name);
      out.end_object();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string blob_name(const Packed& content) { return "blobs/sha256/" + content.digest.hex(); }

void write_archive(const Store& store, const Image& image, ByteSink& sink, std::vector<std::string>& notes) {
  // The archive names a layer by its digest in front of it: packed once to learn that, and once more to write it.
  std::vector<Packed> layers;
  for (const LayerRecord& layer : image.layers) {
    ByteSink only_hashed;
    layers.push_back(write_layer(store, layer, only_hashed, notes));
  }
  const std::string config = config_for(image, layers), manifest = manifest_for(packed(config), layers);
  TarWriter writer(sink);
  writer.add_file("oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  writer.add_file("index.json", index_for(image, packed(manifest)));
  writer.add_file(blob_name(packed(manifest)), manifest);
  writer.add_file(blob_name(packed(config)), config);
  std::vector<std::string> said;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    bool written = false;  // two layers may be the same
    for (std::size_t k = 0; k < i; ++k) written = written || layers[k].digest == layers[i].digest;
    if (written) continue;
    writer.add(
        {.name = blob_name(layers[i]), .link = {}, .mode = 0644, .size = layers[i].size, .modified = {}, .attributes = {}});
    const std::uint64_t before = sink.size();
    const auto dir = sys::open_at(sys::kCwd, store.layer_directory(image.layers[i].key).c_str(), O_RDONLY | O_DIRECTORY)
                         .or_throw("open layer ", image.layers[i].key);
    write_tree(writer, dir.borrow(), TreeKind::Layer, said);
    writer.finish();
    if (sink.size() - before != layers[i].size)
      throw Error(ErrorKind::State, "a layer of the store changed while it was packed");
    writer.pad(layers[i].size);
  }
  writer.finish();
}

}  // namespace

void export_image(const Store& store, const Image& image, const std::string& path, std::vector<std::string>& notes) {
  const auto there = sys::status_at(sys::kCwd, path.c_str());
  if (path == "-" || (there.ok() && !there.value().is_regular())) {
    const sys::UniqueFd file = path == "-" ? sys::duplicate(sys::BorrowedFd(1)).or_throw("write to standard output")
                                           : sys::open_at(sys::kCwd, path.c_str(), O_WRONLY).or_throw("open ", path);
    ByteSink sink(file.borrow(), path);
    return write_archive(store, image, sink, notes);
  }
  const std::string beside = text::join(path, ".part-", sys::process_id());
  const auto file = sys::open_at(sys::kCwd, beside.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666).or_throw("make ", beside);
  try {
    ByteSink sink(file.borrow(), path);
    write_archive(store, image, sink, notes);
    sys::rename_at(sys::kCwd, beside.c_str(), sys::kCwd, path.c_str()).or_throw("make ", path);
  } catch (const Error&) {
    static_cast<void>(sys::unlink_at(sys::kCwd, beside.c_str()));
    throw;
  }
}

}  // namespace caisson::image
