#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/report.hpp"
#include "app/text_table.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

namespace caisson::app::human {
namespace {

std::vector<image::Image> images_of(const OptionValues& options) {
  const auto store = image::Store::open(store_path(options), image::StoreUse::Read);
  return store ? store->list() : std::vector<image::Image>();
}

// "2026-11-22 15:04"
std::string date_of(const image::Image& one) {
  std::string created = image::read_config(one.config).created.substr(0, 16);
  if (const std::size_t t = created.find('T'); t != std::string::npos) created[t] = ' ';
  return created;
}

std::string json_of(const std::vector<image::Image>& images) {
  json::Writer out(json::kTwoSpaces);
  out.begin_array();
  for (const image::Image& one : images) {
    out.begin_object();
    out.key("id").string(one.id.text());
    out.key("names").begin_array();
    for (const std::string& name : one.names) out.string(name);
    out.end_array();
    out.key("bytes").integer(one.bytes());
    out.key("layers").integer(one.layers.size());
    out.key("created").string(image::read_config(one.config).created);
    out.end_object();
  }
  out.end_array();
  return out.take() + "\n";
}

}  // namespace

int image_ls(const Invocation& invocation) {
  const std::vector<image::Image> images = images_of(invocation.options());
  if (invocation.options().flag("json")) {
    print_out(json_of(images));
    return 0;
  }
  TextTable table({"NAME", "ID", "CREATED", "LAYERS", "SIZE"});
  for (const image::Image& one : images) {
    const std::vector<std::string> rest = {one.id.hex().substr(0, 12), date_of(one), text::join(one.layers.size()),
                                           size_text(one.bytes())};
    const std::vector<std::string> names = one.names.empty() ? std::vector<std::string>{""} : one.names;
    for (const std::string& name : names) table.add({name, rest[0], rest[1], rest[2], rest[3]});
  }
  std::string text = table.text();
  if (invocation.options().flag("no-headings")) text.erase(0, text.find('\n') + 1);
  print_out(text);
  return 0;
}

}  // namespace caisson::app::human
