// caisson ns pin: prints the path of each pin.
#include "app/caisson/commands.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "base/text.hpp"
#include "inspect/make_pin.hpp"
#include "inspect/target_word.hpp"

namespace caisson::app::human {

int ns_pin(const Invocation& invocation) {
  const std::string name = invocation.operand(0);
  inspect::check_pin_name(name);
  const inspect::KindChoice kinds = inspect::parse_kinds(invocation.options().values("kind"));
  if (!invocation.options().has("from"))
    throw Error(ErrorKind::Usage, "caisson ns pin: --from is missing")
        .with_hint("name the process, container or namespace: --from 1234, --from container:web");
  const inspect::Places places = places_of(invocation);
  const inspect::Target target = inspect::resolve_target(invocation.options().text("from"), places);
  const inspect::MadePins made =
      inspect::make_pins(places.state_root, name, inspect::open_chosen(target, kinds),
                         kinds.all ? inspect::Unmountable::IsLeftOut : inspect::Unmountable::IsAnError);
  for (const std::string& sentence : made.left_out) print_error(text::join("caisson: not pinned: ", sentence, "\n"));
  std::string paths;
  for (const std::string& path : made.paths) paths += text::join(path, "\n");
  print_out(paths);
  return 0;
}

}  // namespace caisson::app::human
