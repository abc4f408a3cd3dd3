#include "app/caisson/image_load.hpp"

#include "app/caisson/image_store.hpp"
#include "app/caisson/progress_bar.hpp"
#include "app/report.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "image/import.hpp"

namespace caisson::app::human {

image::LoadOptions load_options(const OptionValues& options) {
  image::LoadOptions wanted{.name = options.text("name"), .platform = {}};
  if (const auto platform = options.value("platform")) wanted.platform = image::parse_platform(*platform);
  if (options.flag("no-sync")) wanted.durability = image::Durability::InCache;
  return wanted;
}

image::Loaded with_bar(image::LoadOptions& options, const std::function<image::Loaded()>& take_in) {
  ProgressBar bar;
  options.progress = &bar;
  image::Loaded loaded = take_in();
  options.progress = nullptr;
  return loaded;
}

int report_loaded(const image::Loaded& loaded) {
  std::string out;
  for (const image::Image& one : loaded.images) {
    const std::string name = one.names.empty() ? "an image without a name" : text::join_with(one.names, ", ");
    out += text::join(name, ": ", one.id.hex().substr(0, 12), ", ", one.layers.size(),
                      one.layers.size() == 1 ? " layer, " : " layers, ", size_text(one.bytes()), "\n");
  }
  for (const std::string& note : loaded.notes) print_error(text::join("note: ", text::printable(note), "\n"));
  print_out(out);
  return 0;
}

int image_load(const Invocation& invocation) {
  image::LoadOptions options = load_options(invocation.options());
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Add, &options.owners);
  return report_loaded(with_bar(options, [&] { return image::load(store, invocation.operand(0), options); }));
}

int image_import(const Invocation& invocation) {
  image::LoadOptions options = load_options(invocation.options());
  if (invocation.line.operands.size() > 1) options.name = invocation.operand(1);
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Add, &options.owners);
  return report_loaded(with_bar(options, [&] { return image::import_directory(store, invocation.operand(0), options); }));
}

}  // namespace caisson::app::human
