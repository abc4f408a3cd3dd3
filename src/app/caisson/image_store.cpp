#include "app/caisson/image_store.hpp"

#include <array>
#include <cstdlib>

#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/own_ids.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

image::Owners own_the_files() {
  return life::enter_own_ids() == life::OwnIds::All ? image::Owners::Keep : image::Owners::RootOnly;
}

namespace {

image::Store opened(const std::string& path, image::StoreUse use) {
  if (auto store = image::Store::open(path, use)) return *std::move(store);
  throw Error(ErrorKind::Usage, text::join("there are no images in ", path))
      .with_hint("caisson image load FILE and caisson image pull NAME bring some in");
}

}  // namespace

std::string store_path(const OptionValues& options) {
  if (std::string path = absolute_path(options.text("store")); !path.empty()) return path;
  if (std::string path = absolute_path(variable("CAISSON_STORE")); !path.empty()) return path;
  return image::default_store(sys::effective_uid() == 0, variable("XDG_DATA_HOME"), variable("HOME"));
}

image::Store open_store(const OptionValues& options, image::StoreUse use) { return opened(store_path(options), use); }

image::Store open_own_store(const OptionValues& options, image::StoreUse use, image::Owners* owners) {
  const std::string path = store_path(options);
  const image::Owners kept = own_the_files();
  if (owners != nullptr) *owners = kept;
  return opened(path, use);
}

image::Store store_of(const life::Record& record, image::StoreUse use) {
  if (auto store = image::Store::open(record.option_text("store"), use)) return *std::move(store);
  throw Error(ErrorKind::State, text::join("the images of container ", record.name, " are gone"));
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
