#include "image/inspect.hpp"

#include "image/members.hpp"
#include "json/writer.hpp"

namespace caisson::image {
namespace {

void write_process(json::Writer& out, const ImageConfig& config) {
  out.key("config").begin_object();
  write_texts(out, "entrypoint", config.entrypoint);
  write_texts(out, "cmd", config.cmd);
  write_texts(out, "env", config.env);
  out.key("user").string(config.user);
  out.key("workdir").string(working_directory(config));
  out.key("stopSignal").string(config.stop_signal.empty() ? "SIGTERM" : config.stop_signal);
  write_texts(out, "volumes", config.volumes);
  write_texts(out, "ports", config.ports);
  out.end_object();
}

}  // namespace

std::string describe_as_json(const Store& store, const Image& image) {
  const ImageConfig config = read_config(image.config);
  json::Writer out(json::kTwoSpaces);
  out.begin_object();
  out.key("id").string(image.id.text());
  write_texts(out, "names", image.names);
  out.key("created").string(config.created);
  out.key("platform")
      .string(config.variant.empty() ? config.os + "/" + config.architecture
                                     : config.os + "/" + config.architecture + "/" + config.variant);
  out.key("bytes").integer(image.bytes());
  write_process(out, config);
  out.key("layers").begin_array();
  for (const LayerRecord& layer : image.layers) {
    out.begin_object();
    out.key("diffId").string(layer.diff_id.text());
    out.key("bytes").integer(layer.bytes);
    out.key("entries").integer(layer.entries);
    out.key("directory").string(store.layer_directory(layer.key));
    out.end_object();
  }
  out.end_array().end_object();
  return out.take() + "\n";
}

}  // namespace caisson::image
