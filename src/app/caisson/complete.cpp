#include "app/complete.hpp"

#include "app/caisson/commands.hpp"
#include "app/caisson/grammar.hpp"
#include "app/caisson/live_words.hpp"
#include "app/caisson/state_root.hpp"
#include "app/paths.hpp"
#include "app/report.hpp"

namespace caisson::app::human {

int complete_word(const Invocation& invocation) {
  const Completion completion = complete(grammar(), invocation.line.operands);
  const std::string root = completion.root.empty() ? state_root_of(invocation) : absolute_path(completion.root);
  print_out(completion_lines(completion, live_words(completion.wanted, completion.begun, root)));
  return 0;
}

}  // namespace caisson::app::human
