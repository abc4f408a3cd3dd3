// The part of Store that reads images, and removes what nobody needs.
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/image_record.hpp"
#include "image/reference.hpp"
#include "image/store.hpp"
#include "sys/file.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

std::string_view without_algorithm(std::string_view word) { return word.starts_with("sha256:") ? word.substr(7) : word; }

}  // namespace

std::vector<std::pair<std::string, std::string>> Store::tagged() const {
  std::vector<std::pair<std::string, std::string>> all;
  const auto dir = sys::open_at(directory_.borrow(), "tags", O_RDONLY | O_DIRECTORY);
  if (dir.err() == ENOENT) return all;
  if (!dir.ok()) throw Error(ErrorKind::Kernel, text::join("open ", path_, "/tags"), dir.err());
  for (const sys::DirEntry& entry : sys::list_dir(dir.value().borrow()).or_throw("list ", path_, "/tags")) {
    const auto id = sys::read_file(dir.value().borrow(), entry.name.c_str());
    if (id.err() == ENOENT) continue;  // removed meanwhile
    if (!id.ok()) throw Error(ErrorKind::Kernel, text::join("read ", path_, "/tags/", entry.name), id.err());
    all.emplace_back(reference_of(entry.name), std::string(text::trim(id.value())));
  }
  std::ranges::sort(all);
  return all;
}

std::vector<std::string> Store::tags() const {
  std::vector<std::string> names;
  for (auto& [name, id] : tagged()) names.push_back(std::move(name));
  return names;
}

Image Store::read_image(const std::string& hex, const std::vector<std::pair<std::string, std::string>>& tagged) const {
  const auto id = Digest::from_hex(hex);
  if (!id) throw Error(ErrorKind::State, text::join(path_, "/images/", text::quoted(hex), ": not the id of an image"));
  Image image{.id = *id, .names = {}, .layers = {}, .config = {}, .directory = text::join(path_, "/images/", hex)};
  const auto read = [&](const char* name) {
    return sys::read_file(directory_.borrow(), text::join("images/", hex, "/", name).c_str())
        .or_throw("read ", image.directory, "/", name);
  };
  image.config = read("config.json");
  image.layers = read_image_record(read("image.json"));
  for (const auto& [name, tag_id] : tagged)
    if (tag_id == hex) image.names.push_back(name);
  return image;
}

std::vector<Image> Store::list() const {
  std::vector<Image> images;
  const auto dir = sys::open_at(directory_.borrow(), "images", O_RDONLY | O_DIRECTORY);
  if (dir.err() == ENOENT) return images;
  if (!dir.ok()) throw Error(ErrorKind::Kernel, text::join("open ", path_, "/images"), dir.err());
  const auto names = tagged();
  for (const sys::DirEntry& entry : sys::list_dir(dir.value().borrow()).or_throw("list ", path_, "/images"))
    images.push_back(read_image(entry.name, names));
  std::ranges::sort(images, [](const Image& a, const Image& b) {
    if (a.names.empty() != b.names.empty()) return b.names.empty();
    return a.names != b.names ? a.names < b.names : a.id.hex() < b.id.hex();
  });
  return images;
}

std::optional<Image> Store::find(std::string_view word) const {
  std::set<std::string> ids;
  std::vector<std::string> meant;
  const auto all = tagged();
  std::string name;
  try {
    name = parse_reference(word);
  } catch (const Error&) {  // then it can only be an id
  }
  for (const auto& [tag, id] : all) {
    if (name.empty() || !names(name, tag)) continue;
    if (tag == name) return read_image(id, all);
    ids.insert(id);
    meant.push_back(tag);
  }
  if (ids.empty() && is_id_prefix(word)) {
    const auto dir = sys::open_at(directory_.borrow(), "images", O_RDONLY | O_DIRECTORY);
    if (dir.ok())
      for (sys::DirEntry& entry : sys::list_dir(dir.value().borrow()).or_throw("list ", path_, "/images"))
        if (entry.name.starts_with(without_algorithm(word))) meant.push_back(*ids.insert(std::move(entry.name)).first);
  }
  if (ids.empty()) return std::nullopt;
  if (ids.size() > 1)
    throw Error(ErrorKind::Usage, text::join(text::quoted(word), " means several images: ", text::join_with(meant, ", ")))
        .with_hint("write more of the name");
  return read_image(*ids.begin(), all);
}

Image Store::get(std::string_view word) const {
  if (auto image = find(word)) return *std::move(image);
  Error error(ErrorKind::Usage, text::join("there is no image ", text::quoted(word), " in ", path_));
  const auto known = tags();
  const std::string bring =
      is_id_prefix(word) ? "caisson image load FILE" : text::join("caisson image pull ", word, " or caisson image load FILE");
  error.with_hint(known.empty()
                      ? text::join("none is there yet: ", bring, " brings one in")
                      : text::join("there are: ", text::join_with(known, ", "), "; ", bring, " brings another one in"));
  throw error;
}

void Store::discard(const char* place_name, const std::string& name) const {
  const sys::UniqueFd trash = place("trash");
  // Away under its name at once; what is interrupted from here on is done by the next one that sweeps.
  sys::rename_at(place(place_name).borrow(), name.c_str(), trash.borrow(), name.c_str())
      .or_throw("remove ", path_, "/", place_name, "/", name);
  sys::remove_tree(trash.borrow(), name.c_str()).or_throw("remove ", path_, "/trash/", name);
}

void Store::remove_image(const Image& image) const {
  const auto held = sys::open_at(sys::kCwd, image.directory.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open ", image.directory);
  const auto locked = sys::lock_file(held.borrow(), LOCK_EX | LOCK_NB);
  if (locked.err() == EWOULDBLOCK)
    throw Error(ErrorKind::State, text::join("image ", image.names.empty() ? image.id.hex().substr(0, 12) : image.names.front(),
                                             " is used by a running container"))
        .with_hint("stop the container first");
  if (!locked.ok()) throw Error(ErrorKind::Kernel, text::join("lock ", image.directory), locked.err());
  for (const std::string& name : image.names) untag(name);
  discard("images", image.id.hex());
}

std::uint64_t Store::remove_unused_layers() const {
  std::set<std::string> used;
  for (const Image& image : list())
    for (const LayerRecord& layer : image.layers) used.insert(layer.key);
  std::uint64_t bytes = 0;
  const sys::UniqueFd dir = place("layers");
  for (const sys::DirEntry& entry : sys::list_dir(dir.borrow()).or_throw("list ", path_, "/layers")) {
    if (used.contains(entry.name)) continue;
    if (const auto id = Digest::from_hex(entry.name))
      if (const auto record = layer(entry.name, *id)) bytes += record->bytes;
    discard("layers", entry.name);
  }
  return bytes;
}

sys::UniqueFd hold_image(const Image& image) {
  sys::UniqueFd held =
      sys::open_at(sys::kCwd, image.directory.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open ", image.directory);
  sys::lock_file(held.borrow(), LOCK_SH | LOCK_NB).or_throw("hold ", image.directory);
  return held;
}

}  // namespace caisson::image
