#include "ns/namespace_plan.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace caisson::ns {

bool NamespacePlan::joins(Type type) const noexcept {
  return std::ranges::any_of(joined, [type](const Join& join) { return join.type == type; });
}

NamespacePlan plan_namespaces(const std::vector<spec::Namespace>& wanted,
                              const std::map<std::string, spec::TimeOffset>& offsets) {
  NamespacePlan plan;
  for (const spec::Namespace& one : wanted) {
    if (one.path.empty())
      plan.created |= kind_of(one.type).flag;
    else
      plan.joined.push_back({one.type, one.path});
  }
  // The user namespace gives the privilege over the others that it owns: it comes first. The enum has it first.
  std::ranges::stable_sort(plan.joined, {}, &Join::type);
  for (const auto& [clock, offset] : offsets)
    plan.time_offsets += text::join(clock, ' ', offset.secs, ' ', offset.nanosecs, '\n');
  return plan;
}

}  // namespace caisson::ns
