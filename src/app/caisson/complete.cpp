#include "app/complete.hpp"

#include "app/caisson/commands.hpp"
#include "app/caisson/grammar.hpp"
#include "app/caisson/live_words.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/state_root.hpp"
#include "app/paths.hpp"
#include "app/report.hpp"

namespace caisson::app::human {

namespace {

// A shell that completes a word is no place for messages.
void add_detached(std::vector<Candidate>& words, const std::string& given_root) {
  try {
    const auto store = life::Store::open(store_path_of(given_root));
    if (!store) return;
    for (const life::Entry& entry : store->list()) words.push_back({entry.record.name, "detached container"});
  } catch (const Error&) {
  }
}

}  // namespace

int complete_word(const Invocation& invocation) {
  const Completion completion = complete(grammar(), invocation.line.operands);
  const std::string root = completion.root.empty() ? state_root_of(invocation) : absolute_path(completion.root);
  std::vector<Candidate> words = live_words(completion.wanted, completion.begun, root);
  if (completion.wanted == Wanted::Containers)
    add_detached(words, completion.root.empty() ? std::string() : absolute_path(completion.root));
  print_out(completion_lines(completion, words));
  return 0;
}

}  // namespace caisson::app::human
