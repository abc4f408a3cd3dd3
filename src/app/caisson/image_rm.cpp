// caisson image rm and prune: what was removed, one line each.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "image/reference.hpp"

namespace caisson::app::human {
namespace {

std::string title(const image::Image& one) {
  return one.names.empty() ? one.id.hex().substr(0, 12) : text::join_with(one.names, ", ");
}

// A name goes away from an image that has others; an id, or the last name, means the image itself.
std::string remove_one(const image::Store& store, const std::string& word) {
  const image::Image one = store.get(word);
  const bool by_id = image::is_id_prefix(word) && one.id.hex().starts_with(word.substr(word.starts_with("sha256:") ? 7 : 0));
  if (!by_id && one.names.size() > 1) {
    const std::string wanted = image::parse_reference(word);
    const auto named = std::ranges::find_if(one.names, [&](const std::string& name) { return image::names(wanted, name); });
    store.untag(*named);
    return text::join("name ", *named, " taken away; the image has others\n");
  }
  store.remove_image(one);
  return text::join("removed ", title(one), "\n");
}

}  // namespace

int image_rm(const Invocation& invocation) {
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Remove);
  for (const std::string_view word : invocation.line.operands) static_cast<void>(store.get(word));  // all or none
  std::string out;
  for (const std::string_view word : invocation.line.operands)
    if (store.find(word)) out += remove_one(store, std::string(word));  // else it was written twice
  const std::uint64_t bytes = store.remove_unused_layers();
  print_out(text::join(out, "freed ", size_text(bytes), "\n"));
  return 0;
}

int image_prune(const Invocation& invocation) {
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Remove);
  std::string out;
  for (const image::Image& one : store.list()) {
    if (!one.names.empty() && !invocation.options().flag("all")) continue;
    try {
      store.remove_image(one);
      out += text::join("removed ", title(one), "\n");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::State) throw;  // a container uses it: it stays
    }
  }
  const std::uint64_t bytes = store.remove_unused_layers();
  print_out(text::join(out, "freed ", size_text(bytes), "\n"));
  return 0;
}

}  // namespace caisson::app::human
