// caisson image rm and prune: what was removed, one line each.
#include <algorithm>

#include "app/caisson/commands.hpp"
#include "app/caisson/image_store.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"
#include "image/reference.hpp"

namespace caisson::app::human {
namespace {

std::string title(const image::Image& one) {
  return one.names.empty() ? one.id.hex().substr(0, 12) : text::join_with(one.names, ", ");
}

// Images below the layers of containers, which could not be read any more without them, also while they do not run.
class LayersAbove {
 public:
  // Before the program has other ids, by which it would look elsewhere.
  explicit LayersAbove(const Invocation& invocation) {
    const auto containers = DetachedContainers(invocation).store();
    if (!containers) return;
    for (life::Entry& entry : containers->list())
      if (entry.record.layer && entry.record.option_text("store") == store_path(invocation.options()))
        all_.push_back(std::move(entry.record));
  }

  const life::Record* find(const image::Image& one) const {
    const std::string id = one.id.hex();
    const auto above =
        std::ranges::find_if(all_, [&id](const life::Record& record) { return record.option_text("image") == id; });
    return above == all_.end() ? nullptr : &*above;
  }

  void refuse(const image::Image& one) const {
    if (const life::Record* record = find(one))
      throw Error(ErrorKind::State, text::join("image ", title(one), ": what container ", text::printable(record->name),
                                               " has written lies above it"))
          .with_hint(
              text::join("caisson rm ", text::printable(record->name), " removes the container, with what it has written"));
  }

 private:
  std::vector<life::Record> all_;
};

// A name goes away from an image that has others; an id, or the last name, means the image itself.
std::string remove_one(const image::Store& store, const LayersAbove& above, const std::string& word) {
  const image::Image one = store.get(word);
  const bool by_id = image::is_id_prefix(word) && one.id.hex().starts_with(word.substr(word.starts_with("sha256:") ? 7 : 0));
  if (!by_id && one.names.size() > 1) {
    const std::string wanted = image::parse_reference(word);
    const auto named = std::ranges::find_if(one.names, [&](const std::string& name) { return image::names(wanted, name); });
    store.untag(*named);
    return text::join("name ", *named, " taken away; the image has others\n");
  }
  above.refuse(one);
  store.remove_image(one);
  return text::join("removed ", title(one), "\n");
}

}  // namespace

int image_rm(const Invocation& invocation) {
  const LayersAbove above(invocation);
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Remove);
  for (const std::string_view word : invocation.line.operands) static_cast<void>(store.get(word));  // all or none
  std::string out;
  for (const std::string_view word : invocation.line.operands)
    if (store.find(word)) out += remove_one(store, above, std::string(word));  // else it was written twice
  const std::uint64_t bytes = store.remove_unused_layers();
  print_out(text::join(out, "freed ", size_text(bytes), "\n"));
  return 0;
}

int image_prune(const Invocation& invocation) {
  const LayersAbove above(invocation);
  const image::Store store = open_own_store(invocation.options(), image::StoreUse::Remove);
  std::string out;
  for (const image::Image& one : store.list()) {
    if ((!one.names.empty() && !invocation.options().flag("all")) || above.find(one) != nullptr) continue;
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
