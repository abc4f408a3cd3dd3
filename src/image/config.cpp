#include "image/config.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/members.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::image {
namespace {

std::vector<std::string> texts_of(const json::Value& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::Value list = object[name];
  for (std::size_t i = 0; list.present() && i < list.array_size(); ++i) texts.push_back(list.element(i).string());
  return texts;
}

// Sets are written as objects whose members are empty.
std::vector<std::string> keys_of(const json::Value& object, std::string_view name) {
  std::vector<std::string> keys;
  const json::Value set = object[name];
  for (std::size_t i = 0; set.present() && i < set.object_size(); ++i) keys.emplace_back(set.key(i));
  return keys;
}

std::vector<Digest> diff_ids_of(const json::Value& root) {
  const json::Value rootfs = root["rootfs"];
  if (!rootfs.present()) root.refuse_missing("rootfs");
  if (text_member(rootfs, "type") != "layers") rootfs.refuse("only \"layers\" is known as its type");
  std::vector<Digest> ids;
  for (const std::string& id : texts_of(rootfs, "diff_ids")) ids.push_back(Digest::parse(id));
  return ids;
}

}  // namespace

ImageConfig read_config(std::string_view text) {
  const json::Document document(text);
  const json::Value root = document.root();
  root.require_object();
  ImageConfig config{.os = text_member(root, "os"),
                     .architecture = text_member(root, "architecture"),
                     .variant = text_member(root, "variant"),
                     .created = text_member(root, "created"),
                     .entrypoint = {},
                     .cmd = {},
                     .env = {},
                     .volumes = {},
                     .ports = {},
                     .user = {},
                     .workdir = {},
                     .stop_signal = {},
                     .diff_ids = diff_ids_of(root)};
  const json::Value inner = root["config"];
  if (!inner.present()) return config;
  config.entrypoint = texts_of(inner, "Entrypoint");
  config.cmd = texts_of(inner, "Cmd");
  config.env = texts_of(inner, "Env");
  config.user = text_member(inner, "User");
  config.workdir = text_member(inner, "WorkingDir");
  config.stop_signal = text_member(inner, "StopSignal");
  config.volumes = keys_of(inner, "Volumes");
  config.ports = keys_of(inner, "ExposedPorts");
  return config;
}

void write_rootfs(json::Writer& out, const std::vector<Digest>& diff_ids) {
  out.key("rootfs").begin_object();
  out.key("type").string("layers");
  out.key("diff_ids").begin_array();
  for (const Digest& id : diff_ids) out.string(id.text());
  out.end_array().end_object();
}

std::string write_config(std::string_view architecture, const std::vector<Digest>& diff_ids, std::string_view created) {
  json::Writer out(json::kCompact);
  out.begin_object();
  out.key("created").string(created);
  out.key("architecture").string(architecture);
  out.key("os").string("linux");
  out.key("config").begin_object().end_object();
  write_rootfs(out, diff_ids);
  out.end_object();
  return out.take();
}

std::vector<std::string> command_line(const ImageConfig& config, std::optional<std::string_view> entrypoint,
                                      const std::vector<std::string>& arguments) {
  std::vector<std::string> line;
  if (!entrypoint) {
    // [""] is how an image takes away the entry point of the one that it was made from.
    if (config.entrypoint != std::vector<std::string>{""}) line = config.entrypoint;
  } else if (!entrypoint->empty()) {
    line.emplace_back(*entrypoint);
  }
  const std::vector<std::string>& rest = arguments.empty() && !entrypoint ? config.cmd : arguments;
  line.insert(line.end(), rest.begin(), rest.end());
  if (line.empty())
    throw Error(ErrorKind::Usage, "the image names no program").with_hint("write one behind the image: caisson run IMAGE sh");
  return line;
}

std::string working_directory(const ImageConfig& config) { return text::clean_path(text::join('/', config.workdir)); }

std::optional<std::string> volume_path(std::string_view text) {
  std::string path = text::clean_path(text);
  return text.starts_with('/') && path != "/" ? std::optional(std::move(path)) : std::nullopt;
}

std::vector<std::string> volume_paths(const ImageConfig& config) {
  std::vector<std::string> paths;
  for (const std::string& volume : config.volumes) {
    const auto path = volume_path(volume);
    if (!path)
      throw Error(ErrorKind::Spec, text::join("the image wants a volume at ", text::quoted(volume),
                                              ", which is not the path of a directory below its root"));
    if (std::ranges::find(paths, *path) == paths.end()) paths.push_back(*path);
  }
  return paths;
}

Digest chain_id(const std::vector<Digest>& diff_ids, std::size_t count) {
  Digest chain = diff_ids.at(0);
  for (std::size_t i = 1; i < count; ++i) chain = Digest::of(text::join(chain.text(), ' ', diff_ids.at(i).text()));
  return chain;
}

}  // namespace caisson::image
