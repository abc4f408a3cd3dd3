// What an explanation is made from: the process, and what of the caller's it is built with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "inspect/by_hand.hpp"
#include "inspect/target.hpp"

namespace caisson::inspect {

struct ExplainFacts {
  Subject subject;
  std::vector<mount::MountInfo> callers_mounts;
  std::vector<std::pair<std::string, std::string>> root_links;
  std::vector<std::string> gateways;
  bool caller_is_root = false;

  ByHand by_hand() const { return {subject, callers_mounts, root_links, gateways, caller_is_root}; }
};

// Of a process. Throws Error{Host} when it has ended.
ExplainFacts read_explain_facts(const Target& target);

}  // namespace caisson::inspect
