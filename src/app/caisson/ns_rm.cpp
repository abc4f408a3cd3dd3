// caisson ns rm: says of each namespace that lives on what was seen to keep it.
#include "app/caisson/commands.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "base/text.hpp"
#include "inspect/remove_name.hpp"

namespace caisson::app::human {

int ns_rm(const Invocation& invocation) {
  const inspect::KindChoice kinds = inspect::parse_kinds(invocation.options().values("kind"));
  std::vector<inspect::NameWord> names;
  for (const std::string_view word : invocation.line.operands) names.push_back(inspect::parse_name_word(word, kinds));
  std::string out;
  for (const std::string& sentence : inspect::remove_names(state_root_of(invocation), names)) out += text::join(sentence, "\n");
  print_out(out);
  return 0;
}

}  // namespace caisson::app::human
