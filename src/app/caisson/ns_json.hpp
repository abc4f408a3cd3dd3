// What `caisson ns ls --json` says of each namespace: everything that the scan knows.
#pragma once

#include <string>
#include <vector>

#include "app/caisson/ns_cells.hpp"

namespace caisson::app::human {

// {"namespaces": [...], "unreadable_processes": N}
std::string namespaces_as_json(const inspect::Machine& machine, const std::vector<const inspect::NamespaceEntry*>& entries,
                               NsCells& cells);

}  // namespace caisson::app::human
