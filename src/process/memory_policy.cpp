#include "process/memory_policy.hpp"

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/scheduling.hpp"

namespace caisson::process {
namespace {

enum class Nodes : std::uint8_t { Forbidden, Optional, Required };
struct Mode {
  std::string_view name;
  int value;
  Nodes nodes;
};
// linux/mempolicy.h; PREFERRED_MANY since 5.15, WEIGHTED_INTERLEAVE since 6.9
constexpr std::array kModes{
    Mode{"MPOL_DEFAULT", 0, Nodes::Forbidden},
    Mode{"MPOL_PREFERRED", 1, Nodes::Optional},
    Mode{"MPOL_BIND", 2, Nodes::Required},
    Mode{"MPOL_INTERLEAVE", 3, Nodes::Required},
    Mode{"MPOL_LOCAL", 4, Nodes::Forbidden},
    Mode{"MPOL_PREFERRED_MANY", 5, Nodes::Required},
    Mode{"MPOL_WEIGHTED_INTERLEAVE", 6, Nodes::Required},
};
struct Flag {
  std::string_view name;
  int value;
};
constexpr int kStaticNodes = 1 << 15, kRelativeNodes = 1 << 14;
constexpr std::array kFlags{
    Flag{"MPOL_F_STATIC_NODES", kStaticNodes}, Flag{"MPOL_F_RELATIVE_NODES", kRelativeNodes},
    Flag{"MPOL_F_NUMA_BALANCING", 1 << 13},  // 5.12
};

template <class Table>
const auto& find(const Table& table, std::string_view what, const std::string& name) {
  for (const auto& known : table)
    if (known.name == name) return known;
  throw Error(ErrorKind::Spec, text::join("unknown memory policy ", what, ' ', text::quoted(name)));
}

}  // namespace

MemoryPolicyPlan plan_memory_policy(const spec::MemoryPolicy& policy) {
  const Mode& mode = find(kModes, "mode", policy.mode);
  MemoryPolicyPlan plan{.mode = mode.value};
  for (const std::string& name : policy.flags) plan.mode |= find(kFlags, "flag", name).value;
  if ((plan.mode & kStaticNodes) != 0 && (plan.mode & kRelativeNodes) != 0)
    throw Error(ErrorKind::Spec, "memory policy flags MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other");
  if (mode.nodes == Nodes::Forbidden && !policy.nodes.empty())
    throw Error(ErrorKind::Spec,
                text::join("memory policy ", mode.name, " takes no nodes, but has ", text::quoted(policy.nodes)));
  if (mode.nodes == Nodes::Required && policy.nodes.empty())
    throw Error(ErrorKind::Spec, text::join("memory policy ", mode.name, " needs nodes"));
  if (policy.nodes.empty()) return plan;
  auto nodes = parse_number_list(policy.nodes);
  if (!nodes)
    throw Error(ErrorKind::Spec, text::join("memory policy: invalid node list ", text::quoted(policy.nodes)))
        .with_hint("write numbers and ranges, as in 0-3,7");
  plan.nodes = std::move(*nodes);
  return plan;
}

void apply_memory_policy(const MemoryPolicyPlan& plan) {
  const auto set = sys::set_memory_policy(plan.mode, plan.nodes);
  if (set.ok()) return;
  Error error(ErrorKind::Kernel, text::join("set memory policy for nodes ", text::quoted(format_number_list(plan.nodes))),
              set.err());
  if (set.err() == EINVAL)
    error.with_hint("a node has no memory, is not allowed by the cgroup, or this kernel lacks the mode or flag");
  if (set.err() == ENOSYS) error.with_hint("this kernel is built without NUMA");
  throw error;
}

}  // namespace caisson::process
