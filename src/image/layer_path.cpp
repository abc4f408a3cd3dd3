#include "image/layer_path.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kLongestPath = 4095, kLongestName = 255;
constexpr std::string_view kWhiteout = ".wh.", kOpaque = ".wh..wh..opq", kReserved = ".wh..wh.";

[[noreturn]] void refuse_path(std::string_view name, std::string_view problem) {
  throw Error(ErrorKind::Spec, text::join(text::quoted(name.substr(0, 300)), ": ", problem));
}

}  // namespace

LayerPath layer_path(std::string_view name) {
  if (name.size() > kLongestPath) refuse_path(name, "a path longer than 4095 bytes");
  LayerPath path;
  for (const std::string_view part : text::split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") refuse_path(name, "a path with \"..\" would lead out of the image");
    if (part.size() > kLongestName) refuse_path(name, "a name longer than 255 bytes");
    if (!path.name.empty()) path.parent = path.whole();
    path.name = part;
  }
  return path;
}

Marker marker_of(std::string_view name, std::string& hidden) {
  if (!name.starts_with(kWhiteout)) return Marker::None;
  if (name == kOpaque) return Marker::Opaque;
  if (name.starts_with(kReserved)) return Marker::Ignored;
  hidden = name.substr(kWhiteout.size());
  if (hidden.empty() || hidden == "." || hidden == "..") refuse_path(name, "a marker that hides no file");
  return Marker::Whiteout;
}

}  // namespace caisson::image
