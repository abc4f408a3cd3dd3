#include "image/image_record.hpp"

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::image {
namespace {

void write_members(json::Writer& out, const LayerRecord& layer) {
  out.key("diffId").string(layer.diff_id.text());
  out.key("bytes").integer(layer.bytes);
  out.key("entries").integer(layer.entries);
}

void read_members(const json::Value& value, LayerRecord& out) {
  out.bytes = value["bytes"].integer<std::uint64_t>();
  out.entries = value["entries"].integer<std::uint64_t>();
}

}  // namespace

std::string write_layer_meta(const LayerRecord& layer) {
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  write_members(out, layer);
  out.end_object();
  return out.take();
}

void read_layer_meta(std::string_view text, LayerRecord& out) {
  const json::Document document(text);
  read_members(document.root(), out);
}

std::string write_image_record(const std::vector<LayerRecord>& layers) {
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  out.key("layers").begin_array();
  for (const LayerRecord& layer : layers) {
    out.begin_object();
    out.key("key").string(layer.key);
    write_members(out, layer);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::vector<LayerRecord> read_image_record(std::string_view text) {
  const json::Document document(text);
  const json::Value layers = document.root()["layers"];
  std::vector<LayerRecord> all;
  for (std::size_t i = 0; i < layers.array_size(); ++i) {
    const json::Value one = layers.element(i);
    const json::Value key = one["key"];
    if (!Digest::from_hex(key.text())) key.refuse("not the key of a layer");
    LayerRecord record{.key = key.string(), .diff_id = Digest::parse(one["diffId"].text())};
    read_members(one, record);
    all.push_back(std::move(record));
  }
  return all;
}

}  // namespace caisson::image
