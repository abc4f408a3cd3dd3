// A look from inside: some things exist for members of a namespace only (its sysctls, its host name, sockets in it). A
// short-lived process joins, looks, and reports; the caller never leaves its own namespaces.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "sys/fd.hpp"

namespace caisson::inspect {

struct VisitReport {
  std::string text;
  std::vector<sys::UniqueFd> descriptors;  // made inside, at most eight
};

// `look` runs in the visitor, which it makes join what it likes; an Error that it throws is thrown here. `meanwhile`, when
// there is one, runs in the caller while the visitor, by its pid, still stands where it joined.
VisitReport visit(const std::function<VisitReport()>& look, const std::function<void(pid_t, VisitReport&)>& meanwhile = {});

}  // namespace caisson::inspect
