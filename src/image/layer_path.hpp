// The name of a tar member as a path below a layer's root, and what a name that begins with ".wh." asks for. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caisson::image {

struct LayerPath {
  std::string parent;  // "usr/lib"; empty: the root
  std::string name;    // empty: the root itself
  bool is_root() const noexcept { return name.empty(); }
  std::string whole() const { return parent.empty() ? name : parent + "/" + name; }
};

// "./", "/" and double slashes are taken out. Throws Error(Spec) for "..", and for what no file system could hold.
LayerPath layer_path(std::string_view name);

enum class Marker : std::uint8_t { None, Whiteout, Opaque, Ignored };
// Of the last component; `hidden` is what a Whiteout hides. Throws Error(Spec) when that is no name.
Marker marker_of(std::string_view name, std::string& hidden);

}  // namespace caisson::image
