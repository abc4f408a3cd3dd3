#include "image/commit.hpp"

#include <algorithm>

#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "image/config.hpp"
#include "image/members.hpp"
#include "image/packed_tree.hpp"
#include "image/unpack.hpp"
#include "json/copy.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"
#include "sys/process.hpp"

namespace caisson::image {
namespace {

std::string_view name_in(std::string_view setting) { return setting.substr(0, setting.find('=')); }
std::string_view value_in(std::string_view setting) { return setting.substr(std::min(setting.find('=') + 1, setting.size())); }

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
  std::vector<std::string_view> changed;
  for (const std::string& label : changes) changed.push_back(name_in(label));
  out.key("Labels").begin_object();
  json::copy_members(below, out, changed);
  for (const std::string& label : merged({}, changes)) out.key(name_in(label)).string(value_in(label));
  out.end_object();
}

// Sorted, each once.
std::vector<std::string> united(std::vector<std::string> members, const std::vector<std::string>& more) {
  members.insert(members.end(), more.begin(), more.end());
  std::ranges::sort(members);
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

void write_inner(json::Writer& out, const json::Value& below, const ImageConfig& known, const ConfigChanges& changes) {
  std::vector<std::string_view> changed;
  if (changes.entrypoint) changed.insert(changed.end(), {"Entrypoint", "Cmd"});
  if (changes.cmd) changed.emplace_back("Cmd");
  if (changes.user) changed.emplace_back("User");
  if (changes.workdir) changed.emplace_back("WorkingDir");
  if (!changes.env.empty()) changed.emplace_back("Env");
  if (changes.stop_signal) changed.emplace_back("StopSignal");
  if (!changes.labels.empty()) changed.emplace_back("Labels");
  if (!changes.volumes.empty()) changed.emplace_back("Volumes");
  if (!changes.ports.empty()) changed.emplace_back("ExposedPorts");
  out.key("config").begin_object();
  json::copy_members(below, out, changed);
  if (changes.entrypoint) write_texts(out, "Entrypoint", *changes.entrypoint);
  if (changes.cmd) write_texts(out, "Cmd", *changes.cmd);
  if (changes.user) out.key("User").string(*changes.user);
  if (changes.workdir) out.key("WorkingDir").string(*changes.workdir);
  if (changes.stop_signal) out.key("StopSignal").string(*changes.stop_signal);
  if (!changes.volumes.empty()) write_set(out, "Volumes", united(known.volumes, changes.volumes));
  if (!changes.ports.empty()) write_set(out, "ExposedPorts", united(known.ports, changes.ports));
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
  std::vector<std::string_view> changed{"created", "config", "rootfs", "history"};
  if (!changes.author.empty()) changed.emplace_back("author");
  json::copy_members(root, out, changed);
  out.key("created").string(created);
  if (!changes.author.empty()) out.key("author").string(changes.author);
  write_inner(out, root["config"], known, changes);
  std::vector<Digest> diff_ids = known.diff_ids;
  diff_ids.push_back(layer);
  write_rootfs(out, diff_ids);
  write_history(out, root["history"], changes, created);
  out.end_object();
  return out.take();
}

Loaded commit(const Store& store, const Commit& wish, const LoadOptions& options) {
  Loaded made;
  const Scratch scratch = store.make_scratch();
  const std::string what = text::join("what container ", wish.container, " has written");
  const PackedTree packed = pack_tree(scratch, wish.upper, TreeKind::Layer, what, made.notes, wish.left_out);
  std::vector<Unpacked> layers;
  for (const LayerRecord& layer : wish.below.layers) layers.push_back({layer, store.layer_directory(layer.key), std::nullopt});
  layers.push_back(unpack(store, {.name = what, .range = packed.range(), .digest = {}, .diff_id = {}, .owners = options.owners},
                          layers, made.notes));
  const std::string config =
      committed_config(wish.below.config, layers.back().record.diff_id, wish.changes, rfc3339(sys::realtime().tv_sec));
  made.images.push_back(keep(store, {.config = config, .names = {wish.name}, .durability = options.durability}, layers));
  return made;
}

}  // namespace caisson::image
