#include "inspect/taken_name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/target_word.hpp"

namespace caisson::inspect {

void refuse_taken(const std::string& state_root, const std::string& name, const std::vector<ChosenNamespace>& chosen,
                  PinnedBy by) {
  for (const Pin& pin : list_pins(state_root)) {
    if (pin.name != name) continue;
    const bool same_kind = std::ranges::find(chosen, pin.type, &ChosenNamespace::type) != chosen.end();
    const bool same_record = by == PinnedBy::Holder && pin.by == PinnedBy::Holder;
    if (!same_kind && !same_record) continue;
    throw Error(ErrorKind::Host, text::join("the name ", text::quoted(name), " is taken: ", kind_and_name(pin.type, name),
                                            " is ", namespace_link(pin.type, pin.inode), " at ", pin.path))
        .with_hint(text::join("choose another one, or let go of that with caisson ns rm ", kind_and_name(pin.type, name)));
  }
}

}  // namespace caisson::inspect
