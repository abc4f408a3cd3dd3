#include "image/commit.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "image/clock.hpp"
#include "image/config.hpp"
#include "image/members.hpp"
#include "image/tar_writer.hpp"
#include "image/unpack.hpp"
#include "json/copy.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

std::string_view name_in(std::string_view setting) { return setting.substr(0, setting.find('=')); }
std::string_view value_in(std::string_view setting) { return setting.substr(std::min(setting.find('=') + 1, setting.size())); }

bool is_set(const std::vector<std::string>& settings, std::string_view name) {
  return std::ranges::any_of(settings, [&](const std::string& one) { return name_in(one) == name; });
}

// The image's own, in their order, each with its last value.
std::vector<std::string> merged(std::vector<std::string> settings, const std::vector<std::string>& changes) {
  for (const std::string& change : changes) {
    const auto before = std::ranges::find_if(settings, [&](const std::string& one) { return name_in(one) == name_in(change); });
    if (before == settings.end())
      settings.push_back(change);
    else
      *before = change;
  }
  return settings;
}

void write_labels(json::Writer& out, const json::Value& below, const std::vector<std::string>& changes) {
  out.key("Labels").begin_object();
  for (std::size_t i = 0; below.present() && i < below.object_size(); ++i) {
    if (is_set(changes, below.key(i))) continue;
    out.key(below.key(i));
    json::copy(below.member(i), out);
  }
  for (const std::string& label : merged({}, changes)) out.key(name_in(label)).string(value_in(label));
  out.end_object();
}

void write_inner(json::Writer& out, const json::Value& below, const ImageConfig& known, const ConfigChanges& changes) {
  const auto is_changed = [&](std::string_view key) {
    return (key == "Entrypoint" && changes.entrypoint) || (key == "Cmd" && (changes.cmd || changes.entrypoint)) ||
           (key == "User" && changes.user) || (key == "WorkingDir" && changes.workdir) ||
           (key == "Env" && !changes.env.empty()) || (key == "Labels" && !changes.labels.empty());
  };
  out.key("config").begin_object();
  for (std::size_t i = 0; below.present() && i < below.object_size(); ++i) {
    if (is_changed(below.key(i))) continue;
    out.key(below.key(i));
    json::copy(below.member(i), out);
  }
  if (changes.entrypoint) write_texts(out, "Entrypoint", *changes.entrypoint);
  if (changes.cmd) write_texts(out, "Cmd", *changes.cmd);
  if (changes.user) out.key("User").string(*changes.user);
  if (changes.workdir) out.key("WorkingDir").string(*changes.workdir);
  if (!changes.env.empty()) write_texts(out, "Env", merged(known.env, changes.env));
  if (!changes.labels.empty()) write_labels(out, below["Labels"], changes.labels);
  out.end_object();
}

void write_history(json::Writer& out, const json::Value& below, const ConfigChanges& changes, std::string_view created) {
  out.key("history").begin_array();
  for (std::size_t i = 0; below.present() && i < below.array_size(); ++i) json::copy(below.element(i), out);
  out.begin_object();
  out.key("created").string(created);
  out.key("created_by").string("caisson commit");
  if (!changes.author.empty()) out.key("author").string(changes.author);
  if (!changes.message.empty()) out.key("comment").string(changes.message);
  out.end_object().end_array();
}

}  // namespace

std::string committed_config(const std::string& below, const Digest& layer, const ConfigChanges& changes,
                             std::string_view created) {
  const ImageConfig known = read_config(below);
  const json::Document document(below);
  const json::Value root = document.root();
  json::Writer out(json::kCompact);
  out.begin_object();
  for (std::size_t i = 0; i < root.object_size(); ++i) {
    const std::string_view key = root.key(i);
    if (key == "created" || key == "config" || key == "rootfs" || key == "history" ||
        (key == "author" && !changes.author.empty()))
      continue;
    out.key(key);
    json::copy(root.member(i), out);
  }
  out.key("created").string(created);
  if (!changes.author.empty()) out.key("author").string(changes.author);
  write_inner(out, root["config"], known, changes);
  out.key("rootfs").begin_object();
  out.key("type").string("layers");
  out.key("diff_ids").begin_array();
  for (const Digest& id : known.diff_ids) out.string(id.text());
  out.string(layer.text()).end_array().end_object();
  write_history(out, root["history"], changes, created);
  out.end_object();
  return out.take();
}

Loaded commit(const Store& store, const Commit& wish, const LoadOptions& options) {
  Loaded made;
  const Scratch scratch = store.make_scratch();
  const auto packed = sys::open_at(scratch.directory(), "packed", O_RDWR | O_CREAT | O_EXCL, 0600)
                          .or_throw("pack what container ", wish.container, " has written");
  ByteSink sink(packed.borrow(), "packed layer");
  TarWriter writer(sink);
  write_tree(writer, wish.upper, TreeKind::Layer, made.notes);
  writer.finish();
  std::vector<Unpacked> layers;
  for (const LayerRecord& layer : wish.below.layers) layers.push_back({layer, store.layer_directory(layer.key), std::nullopt});
  layers.push_back(unpack(store,
                          {.name = text::join("what container ", wish.container, " has written"),
                           .range = {packed.borrow(), 0, sink.size()},
                           .digest = {},
                           .diff_id = {},
                           .owners = options.owners},
                          layers, made.notes));
  const std::string config = committed_config(wish.below.config, layers.back().record.diff_id, wish.changes, now_text());
  made.images.push_back(keep(store, {.config = config, .names = {wish.name}, .durability = options.durability}, layers));
  return made;
}

}  // namespace caisson::image
