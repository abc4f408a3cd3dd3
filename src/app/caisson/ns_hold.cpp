// caisson ns hold: prints the pid of the holder.
#include "app/caisson/commands.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "base/text.hpp"
#include "inspect/make_hold.hpp"
#include "inspect/target_word.hpp"
#include "sys/process.hpp"

namespace caisson::app::human {

int ns_hold(const Invocation& invocation) {
  const std::string name = invocation.operand(0);
  inspect::check_pin_name(name);
  inspect::KindChoice kinds = inspect::parse_kinds(invocation.options().values("kind"));
  kinds.all = kinds.all || kinds.types.empty();
  const inspect::Places places = places_of(invocation);
  const bool given = invocation.options().has("from");
  const std::string from = given ? invocation.options().text("from") : text::join(sys::process_id());
  const inspect::Target target = inspect::resolve_target(from, places);
  const pid_t holder = inspect::make_hold(places.state_root, name, inspect::open_chosen(target, kinds));
  print_out(text::join(holder, "\n"));
  return 0;
}

}  // namespace caisson::app::human
