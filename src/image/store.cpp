#include "image/store.hpp"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/image_record.hpp"
#include "image/reference.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

constexpr const char* kPlaces[] = {"layers", "images", "tags", "tmp", "trash"};
constexpr mode_t kPrivate = 0700;

void make_store_directory(const std::string& path) {
  for (std::size_t end = 1; end <= path.size(); ++end) {
    end = std::min(path.find('/', end), path.size());
    const std::string part = path.substr(0, end);
    const auto made = sys::make_dir(sys::kCwd, part.c_str(), end == path.size() ? kPrivate : 0755);
    if (!made.ok() && made.err() != EEXIST)
      throw Error(ErrorKind::Host, text::join("make ", part, " for images"), made.err())
          .with_hint("choose another place with --store DIR or CAISSON_STORE");
  }
}

}  // namespace

std::string default_store(bool is_root, std::string_view xdg_data_home, std::string_view home) {
  if (is_root) return "/var/lib/caisson";
  if (xdg_data_home.starts_with('/')) return text::join(xdg_data_home, "/caisson");
  if (home.starts_with('/')) return text::join(home, "/.local/share/caisson");
  throw Error(ErrorKind::Usage, "where are images kept? Neither XDG_DATA_HOME nor HOME is set")
      .with_hint("say it with --store DIR");
}

std::uint64_t Image::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const LayerRecord& layer : layers) sum += layer.bytes;
  return sum;
}

Scratch::Scratch(sys::UniqueFd parent, std::string name, std::string path)
    : parent_(std::move(parent)), name_(std::move(name)) {
  sys::make_dir(parent_.borrow(), name_.c_str(), kPrivate).or_throw("make ", path);
  directory_ = sys::open_at(parent_.borrow(), name_.c_str(), O_RDONLY | O_DIRECTORY).or_throw("open ", path);
}

// What cannot be removed now is removed by the next load.
Scratch::~Scratch() {
  if (parent_.valid()) static_cast<void>(sys::remove_tree(parent_.borrow(), name_.c_str()));
}

std::optional<Store> Store::open(const std::string& path, StoreUse use) {
  auto opened = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_DIRECTORY);
  if (opened.err() == ENOENT) {
    if (use == StoreUse::Read || use == StoreUse::Look) return std::nullopt;
    make_store_directory(path);
    opened = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_DIRECTORY);
  }
  Store store(path, std::move(opened).or_throw("open the store of images ", path));
  if (use == StoreUse::Look) return store;
  // Not everybody who may read a store may write there.
  if (use != StoreUse::Read) store.make_places();
  const int flags = use == StoreUse::Read ? O_RDONLY : O_RDWR | O_CREAT;
  auto lock = sys::open_at(store.directory_.borrow(), "lock", flags, 0600);
  if (lock.err() == ENOENT) return std::nullopt;  // no store, or one that is being made
  store.lock_ = std::move(lock).or_throw("open the lock of ", path);
  if (use == StoreUse::Remove) {
    sys::lock_file(store.lock_.borrow(), LOCK_EX).or_throw("lock ", path);
  } else if (use == StoreUse::Add && sys::lock_file(store.lock_.borrow(), LOCK_EX | LOCK_NB).ok()) {
    store.sweep();
  }
  if (use != StoreUse::Remove) sys::lock_file(store.lock_.borrow(), LOCK_SH).or_throw("lock ", path);
  if (use == StoreUse::Remove) store.sweep();
  return store;
}

void Store::make_places() const {
  for (const char* name : kPlaces) {
    const auto made = sys::make_dir(directory_.borrow(), name, kPrivate);
    if (!made.ok() && made.err() != EEXIST) throw Error(ErrorKind::Host, text::join("make ", path_, "/", name), made.err());
  }
}

void Store::sweep() const {
  for (const char* name : {"tmp", "trash"}) {
    const sys::UniqueFd dir = place(name);
    for (const sys::DirEntry& entry : sys::list_dir(dir.borrow()).or_throw("list ", path_, "/", name))
      sys::remove_tree(dir.borrow(), entry.name.c_str()).or_throw("remove ", path_, "/", name, "/", entry.name);
  }
}

sys::UniqueFd Store::place(const char* name) const {
  return sys::open_at(directory_.borrow(), name, O_RDONLY | O_DIRECTORY).or_throw("open ", path_, "/", name);
}

Scratch Store::make_scratch() const {
  const timespec now = sys::realtime();
  std::string name = text::join(sys::process_id(), '-', now.tv_sec, '-', now.tv_nsec);
  const std::string path = text::join(path_, "/tmp/", name);
  return {place("tmp"), std::move(name), path};
}

std::string Store::layer_directory(const std::string& key) const { return text::join(path_, "/layers/", key, "/fs"); }

std::optional<LayerRecord> Store::layer(const std::string& key, const Digest& diff_id) const {
  const auto meta = sys::read_file(directory_.borrow(), text::join("layers/", key, "/meta.json").c_str());
  if (meta.err() == ENOENT) return std::nullopt;
  if (!meta.ok()) throw Error(ErrorKind::Kernel, text::join("read ", path_, "/layers/", key, "/meta.json"), meta.err());
  LayerRecord record{.key = key, .diff_id = diff_id};
  read_layer_meta(meta.value(), record);
  return record;
}

void Store::keep_layer(const Scratch& scratch, const LayerRecord& layer) const {
  const auto moved = sys::rename_at(place("tmp").borrow(), scratch.name().c_str(), place("layers").borrow(), layer.key.c_str());
  if (!moved.ok() && moved.err() != EEXIST && moved.err() != ENOTEMPTY)
    throw Error(ErrorKind::Kernel, text::join("keep layer ", layer.key), moved.err());
}

Image Store::keep_image(const std::string& config, const std::vector<LayerRecord>& layers) const {
  const Digest id = Digest::of(config);
  const Scratch scratch = make_scratch();
  const auto write = [&](const char* name, const std::string& content) {
    const auto file = sys::open_at(scratch.directory(), name, O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make ", name);
    sys::write_full(file.borrow(), content).or_throw("write ", name);
    sys::sync_file(file.borrow()).or_throw("write ", name);
  };
  write("config.json", config);
  write("image.json", write_image_record(layers));
  const auto moved = sys::rename_at(place("tmp").borrow(), scratch.name().c_str(), place("images").borrow(), id.hex().c_str());
  if (!moved.ok() && moved.err() != EEXIST && moved.err() != ENOTEMPTY)
    throw Error(ErrorKind::Kernel, text::join("keep image ", id.hex()), moved.err());
  return read_image(id.hex(), tagged());
}

void Store::tag(const std::string& name, const Digest& id) const {
  const Scratch scratch = make_scratch();
  const auto file = sys::open_at(scratch.directory(), "tag", O_WRONLY | O_CREAT | O_EXCL, 0600).or_throw("make a tag");
  sys::write_full(file.borrow(), id.hex() + "\n").or_throw("write a tag");
  sys::sync_file(file.borrow()).or_throw("write a tag");
  sys::rename_at(scratch.directory(), "tag", place("tags").borrow(), file_name_of(name).c_str())
      .or_throw("name the image ", name);
}

void Store::require_room(std::uint64_t bytes) const {
  const std::uint64_t free = sys::free_bytes(directory_.borrow()).or_throw("examine ", path_);
  if (free > bytes) return;
  constexpr std::uint64_t kMegabyte = 1'000'000;
  throw Error(ErrorKind::Host, text::join("the image needs more than ", bytes / kMegabyte, " MB, and there is room for ",
                                          free / kMegabyte, " MB in ", path_))
      .with_hint("caisson image prune removes what is not needed; --store DIR names another place");
}

void Store::sync() const { sys::sync_filesystem(directory_.borrow()).or_throw("bring ", path_, " to disk"); }

void Store::untag(const std::string& name) const {
  sys::unlink_at(place("tags").borrow(), file_name_of(name).c_str()).or_throw("take the name ", name, " away");
}

}  // namespace caisson::image
