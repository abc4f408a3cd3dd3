#include "image/layer_view.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kMostText = std::size_t{1} << 20;

bool is_opaque(const sys::RootDir& layer, const std::string& path) {
  const auto value = sys::read_extended_attribute(sys::path_below(layer.borrow(), path).c_str(), kOpaqueAttribute);
  return value.ok() && value.value() == "y";
}

}  // namespace

bool is_whiteout(const sys::Status& status) noexcept { return status.is_char() && status.rdev == 0; }

LayerView::LayerView(const std::vector<std::string>& directories, std::function<void()> complete)
    : complete_(std::move(complete)) {
  for (const std::string& directory : directories)
    layers_.push_back(sys::RootDir::open_host(directory.c_str()).or_throw("open layer ", directory));
}

void LayerView::be_complete() const {
  if (const auto complete = std::exchange(complete_, nullptr)) complete();
}

// One component after the other: a directory may hide what lies below it in lower layers, and a file does so with a tree.
LayerView::Seen LayerView::look(const sys::RootDir& layer, const std::string& path, sys::Status& out) {
  bool opaque = false;
  for (std::size_t end = 0; end < path.size(); ++end) {
    end = std::min(path.find('/', end), path.size());
    const std::string part = path.substr(0, end);
    const auto file = layer.open_path_nofollow(part);
    if (!file.ok()) return opaque ? Seen::Hidden : Seen::Nothing;
    out = sys::status_of_fd(file.value().borrow()).or_throw("examine ", part, " in a layer");
    if (is_whiteout(out)) return Seen::Hidden;
    if (end < path.size() && !out.is_dir()) return Seen::Hidden;
    opaque = opaque || (out.is_dir() && is_opaque(layer, part));
  }
  return Seen::There;
}

std::optional<sys::Status> LayerView::find(const std::string& path) const {
  be_complete();
  for (const sys::RootDir& layer : layers_) {
    sys::Status status;
    if (path.empty()) return layer.status().or_throw("examine the root of a layer");
    const Seen seen = look(layer, path, status);
    if (seen == Seen::There) return status;
    if (seen == Seen::Hidden) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<sys::RootDir::Entry> LayerView::file(const std::string& path) const {
  be_complete();
  for (const sys::RootDir& layer : layers_) {
    sys::Status status;
    const Seen seen = look(layer, path, status);
    if (seen == Seen::Nothing) continue;
    if (seen == Seen::Hidden || !status.is_regular()) return std::nullopt;
    return layer.entry(path).or_throw("find ", path, " in a layer");
  }
  return std::nullopt;
}

std::string LayerView::read(const std::string& path) const {
  be_complete();
  for (const sys::RootDir& layer : layers_) {
    sys::Status status;
    const Seen seen = look(layer, path, status);
    if (seen == Seen::Nothing) continue;
    if (seen == Seen::Hidden) return {};
    const auto file = layer.open(path, O_RDONLY | O_NONBLOCK);
    if (!file.ok()) return {};
    const auto opened = sys::status_of_fd(file.value().borrow());
    if (!opened.ok() || !opened.value().is_regular()) return {};
    return sys::read_full(file.value().borrow(), kMostText).or_throw("read /", path, " of the image");
  }
  return {};
}

}  // namespace caisson::image
