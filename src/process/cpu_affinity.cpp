#include "process/cpu_affinity.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/scheduling.hpp"

namespace caisson::process {
namespace {

constexpr std::size_t kMostCpus = 8192;  // NR_CPUS at most, on any architecture (arch/x86/Kconfig, MAXSMP)

std::optional<NumberMask> parse(std::string_view field, const std::string& list) {
  if (list.empty()) return std::nullopt;
  auto mask = parse_number_list(list);
  if (!mask)
    throw Error(ErrorKind::Spec, text::join("execCPUAffinity.", field, ": invalid CPU list ", text::quoted(list)))
        .with_hint("write numbers and ranges, as in 0-3,7");
  return mask;
}

void set_affinity(const NumberMask& mask) {
  const auto set = sys::set_cpu_affinity(0, mask);
  if (set.ok()) return;
  Error error(ErrorKind::Kernel, text::join("set CPU affinity to ", format_number_list(mask)), set.err());
  if (set.err() == EINVAL) error.with_hint("none of these CPUs is online and allowed by the cgroup");
  throw error;
}

}  // namespace

CpuAffinityPlan plan_cpu_affinity(const spec::ExecCpuAffinity& affinity) {
  return {.in_own_cgroup = parse("initial", affinity.initial), .in_container_cgroup = parse("final", affinity.final)};
}

void apply_cpu_affinity(const CpuAffinityPlan& plan) {
  if (plan.in_container_cgroup) return set_affinity(*plan.in_container_cgroup);
  if (!plan.reset) return;
  // The kernel cuts it down to what the cgroup allows.
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};
  std::uint64_t mask[kMostCpus / 64];
  for (std::uint64_t& word : mask) word = kAll;
  sys::set_cpu_affinity(0, mask).or_throw("reset CPU affinity to all CPUs");
}

InitialCpuAffinity::InitialCpuAffinity(const CpuAffinityPlan& plan) {
  if (!plan.in_own_cgroup) return;
  before_ = sys::get_cpu_affinity(0).or_throw("read the CPU affinity of the runtime");
  set_affinity(*plan.in_own_cgroup);
}

InitialCpuAffinity::~InitialCpuAffinity() {
  if (!before_.empty()) static_cast<void>(sys::set_cpu_affinity(0, before_));
}

}  // namespace caisson::process
