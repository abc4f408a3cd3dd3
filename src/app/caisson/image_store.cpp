#include "app/caisson/image_store.hpp"

#include <array>
#include <cstdlib>

#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

std::string store_path(const OptionValues& options) {
  if (std::string path = absolute_path(options.text("store")); !path.empty()) return path;
  if (std::string path = absolute_path(variable("CAISSON_STORE")); !path.empty()) return path;
  return image::default_store(sys::effective_uid() == 0, variable("XDG_DATA_HOME"), variable("HOME"));
}

image::Store open_store(const OptionValues& options, image::StoreUse use) {
  const std::string path = store_path(options);
  if (use == image::StoreUse::Add && sys::effective_uid() != 0)
    throw Error(ErrorKind::Host, "taking images in needs root in this version")
        .with_hint("caisson run --rootfs DIR runs an unpacked root filesystem as an ordinary user");
  if (auto store = image::Store::open(path, use)) return *std::move(store);
  throw Error(ErrorKind::Usage, text::join("there are no images in ", path)).with_hint("caisson image load FILE brings one in");
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {" B", " kB", " MB", " GB", " TB"};
  std::uint64_t tenths = bytes * 10;
  std::size_t unit = 0;
  for (; tenths >= 10000 && unit + 1 < kUnits.size(); ++unit) tenths = (tenths + 500) / 1000;
  if (unit == 0) return text::join(bytes, kUnits[0]);
  return text::join(tenths / 10, '.', tenths % 10, kUnits[unit]);
}

}  // namespace caisson::app::human
