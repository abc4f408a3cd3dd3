// A target with everything that was found out about it: what `ns show`, `ns diff` and `explain` speak of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/inside_facts.hpp"
#include "inspect/machine.hpp"
#include "inspect/mount_tree.hpp"
#include "inspect/process_facts.hpp"
#include "inspect/target.hpp"

namespace caisson::inspect {

struct Subject {
  std::string name;  // as the user wrote it
  std::string container;
  std::optional<ns::Type> lone;            // a namespace alone, of that kind: nothing is known of a process
  std::uint64_t inode = 0, id = kUnknown;  // of the namespace alone
  ProcessFacts process;
  InsideFacts inside;
};

// Looks at a process or into a namespace. Throws Error{Host} when the process has ended before anything could be read.
Subject look_at(const Target& target, Sections wanted);

}  // namespace caisson::inspect
