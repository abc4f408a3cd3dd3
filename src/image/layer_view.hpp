// Layers of an image on top of each other, looked into without a mount: whiteouts and opaque directories count as they do for
// overlayfs, in its form for user namespaces (man 5 xattr, user.overlay.opaque). Layers are directories of the store.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sys/root_dir.hpp"

namespace caisson::image {

inline constexpr const char* kOpaqueAttribute = "user.overlay.opaque";
bool is_whiteout(const sys::Status& status) noexcept;

class LayerView {
 public:
  LayerView() = default;
  // From the top down. Throws Error when one cannot be opened.
  explicit LayerView(const std::vector<std::string>& directories) : LayerView(directories, {}) {}
  // complete: called once before the first look, when somebody else may still be filling them.
  LayerView(const std::vector<std::string>& directories, std::function<void()> complete);

  bool empty() const noexcept { return layers_.empty(); }
  // What stands at the path (without a leading slash) in the highest layer that has it; symbolic links are not followed.
  std::optional<sys::Status> find(const std::string& path) const;
  // The regular file there, by its directory and its name; none when there is no such file.
  std::optional<sys::RootDir::Entry> file(const std::string& path) const;
  // The text of a small regular file; links are followed within its layer. Empty when there is none.
  std::string read(const std::string& path) const;

 private:
  enum class Seen { Nothing, Hidden, There };
  static Seen look(const sys::RootDir& layer, const std::string& path, sys::Status& out);

  void be_complete() const;

  std::vector<sys::RootDir> layers_;
  mutable std::function<void()> complete_;
};

}  // namespace caisson::image
