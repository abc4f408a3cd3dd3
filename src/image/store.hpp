// Where images are kept, one directory for each user:
//   layers/KEY/{fs,meta.json}  unpacked layers; KEY is the digest of the layer, or of all up to it where it depends on those
//   below images/ID/{config.json,image.json}  tags/NAME (the id in it)  tmp/ trash/ lock
// What stands under a final name is whole: everything is made in tmp/ and renamed. Every user of the store holds `lock` shared
// for as long as it works; who gets it exclusively finds in tmp/ and trash/ only what a killed program left, and removes it. A
// container holds images/ID shared for its life, so that an image is not removed below it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/config.hpp"
#include "image/digest.hpp"
#include "sys/fd.hpp"

namespace caisson::image {

// root: /var/lib/caisson. Others: $XDG_DATA_HOME/caisson, else ~/.local/share/caisson.
std::string default_store(bool is_root, std::string_view xdg_data_home, std::string_view home);

struct LayerRecord {
  std::string key;
  Digest diff_id;
  std::uint64_t bytes = 0, entries = 0;
};

struct Image {
  Digest id;
  std::vector<std::string> names;   // sorted
  std::vector<LayerRecord> layers;  // bottom first
  std::string config;               // as it came
  std::string directory;            // images/ID
  std::uint64_t bytes() const noexcept;
};

enum class Durability : std::uint8_t { OnDisk, InCache };  // InCache: a power cut may leave damaged layers

// A directory below tmp/, gone with its owner.
class Scratch {
 public:
  Scratch(sys::UniqueFd parent, std::string name, std::string path);
  Scratch(Scratch&& other) noexcept = default;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();
  sys::BorrowedFd directory() const noexcept { return directory_.borrow(); }
  const std::string& name() const noexcept { return name_; }

 private:
  sys::UniqueFd parent_, directory_;
  std::string name_;
};

// Look takes no lock: what was found may go away. Remove waits until nobody else uses the store. Fetch is Add by somebody who
// may not have the rights to remove what a killed program left.
enum class StoreUse : std::uint8_t { Look, Read, Fetch, Add, Remove };

class Store {
 public:
  // Look and Read give none when there is no store yet; the others make it. Throws Error.
  static std::optional<Store> open(const std::string& path, StoreUse use);

  const std::string& path() const noexcept { return path_; }
  std::vector<Image> list() const;  // by name, those without one last
  std::vector<std::string> tags() const;
  // By name, short name, or id of 12 digits or more; none when there is none. Throws Error(Usage) when several are meant.
  std::optional<Image> find(std::string_view word) const;
  // As find; throws an Error that names what is there.
  Image get(std::string_view word) const;

  Scratch make_scratch() const;
  std::optional<LayerRecord> layer(const std::string& key, const Digest& diff_id) const;
  std::string layer_directory(const std::string& key) const;
  // scratch holds `fs` and `meta.json`. Somebody else's of the same key is as good.
  void keep_layer(const Scratch& scratch, const LayerRecord& layer) const;
  Image keep_image(const std::string& config, const std::vector<LayerRecord>& layers) const;
  void tag(const std::string& name, const Digest& id) const;
  void sync() const;

  void untag(const std::string& name) const;
  // Refused while a container uses it. Its layers stay until remove_unused_layers.
  void remove_image(const Image& image) const;
  // Before anything of that size is written. Throws Error(Host) when there is no room for it.
  void require_room(std::uint64_t bytes) const;
  // How many bytes they had.
  std::uint64_t remove_unused_layers() const;

 private:
  Store(std::string path, sys::UniqueFd directory) : path_(std::move(path)), directory_(std::move(directory)) {}
  void make_places() const;
  void sweep() const;
  sys::UniqueFd place(const char* name) const;
  void discard(const char* place_name, const std::string& name) const;
  Image read_image(const std::string& hex, const std::vector<std::pair<std::string, std::string>>& tagged) const;
  std::vector<std::pair<std::string, std::string>> tagged() const;  // name, id in hex

  std::string path_;
  sys::UniqueFd directory_, lock_;
};

// Held by a container for as long as it lives: an open file with a shared lock.
sys::UniqueFd hold_image(const Image& image);

}  // namespace caisson::image
