#include "process/scheduler.hpp"

#include <array>
#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::process {
namespace {

enum class Settings : std::uint8_t { Nice, Priority, None, Deadline };
struct Policy {
  std::string_view name;
  std::uint32_t value;
  Settings settings;
};
// linux/sched.h; SCHED_ISO is reserved there and has never existed.
constexpr std::array kPolicies{
    Policy{"SCHED_OTHER", 0, Settings::Nice},  Policy{"SCHED_FIFO", 1, Settings::Priority},
    Policy{"SCHED_RR", 2, Settings::Priority}, Policy{"SCHED_BATCH", 3, Settings::Nice},
    Policy{"SCHED_IDLE", 5, Settings::None},   Policy{"SCHED_DEADLINE", 6, Settings::Deadline},
};
struct SchedulerFlag {
  std::string_view name;
  std::uint64_t value;
};
constexpr std::array kSchedulerFlags{
    SchedulerFlag{"SCHED_FLAG_RESET_ON_FORK", 0x01},  SchedulerFlag{"SCHED_FLAG_RECLAIM", 0x02},
    SchedulerFlag{"SCHED_FLAG_DL_OVERRUN", 0x04},     SchedulerFlag{"SCHED_FLAG_KEEP_POLICY", 0x08},
    SchedulerFlag{"SCHED_FLAG_KEEP_PARAMS", 0x10},    SchedulerFlag{"SCHED_FLAG_UTIL_CLAMP_MIN", 0x20},
    SchedulerFlag{"SCHED_FLAG_UTIL_CLAMP_MAX", 0x40},
};

const Policy& policy_of(const std::string& name) {
  if (name.empty()) throw Error(ErrorKind::Spec, "scheduler policy is required");
  for (const Policy& known : kPolicies)
    if (known.name == name) return known;
  throw Error(ErrorKind::Spec, text::join("unknown scheduler policy ", text::quoted(name)));
}

std::uint64_t flags_of(const std::vector<std::string>& names) {
  std::uint64_t flags = 0;
  for (const std::string& name : names) {
    std::optional<std::uint64_t> value;
    for (const SchedulerFlag& known : kSchedulerFlags)
      if (known.name == name) value = known.value;
    if (!value) throw Error(ErrorKind::Spec, text::join("unknown scheduler flag ", text::quoted(name)));
    flags |= *value;
  }
  return flags;
}

}  // namespace

sys::SchedulingAttributes plan_scheduler(const spec::Scheduler& scheduler) {
  const Policy& policy = policy_of(scheduler.policy);
  if (policy.settings == Settings::Nice && (scheduler.nice < -20 || scheduler.nice > 19))
    throw Error(ErrorKind::Spec, text::join("scheduler nice value ", scheduler.nice, " is not within -20 to 19"));
  if (policy.settings == Settings::Priority && (scheduler.priority < 1 || scheduler.priority > 99))
    throw Error(ErrorKind::Spec, text::join("scheduler priority ", scheduler.priority, " is not within 1 to 99"));
  if (policy.settings != Settings::Priority && scheduler.priority != 0)
    throw Error(ErrorKind::Spec, "scheduler priority belongs to SCHED_FIFO and SCHED_RR only");
  if (policy.settings != Settings::Deadline && (scheduler.runtime != 0 || scheduler.deadline != 0 || scheduler.period != 0))
    throw Error(ErrorKind::Spec, "scheduler runtime, deadline and period belong to SCHED_DEADLINE only");
  sys::SchedulingAttributes attributes;
  attributes.policy = policy.value;
  attributes.flags = flags_of(scheduler.flags);
  attributes.nice = scheduler.nice;
  attributes.priority = static_cast<std::uint32_t>(scheduler.priority);
  attributes.runtime = scheduler.runtime;
  attributes.deadline = scheduler.deadline;
  attributes.period = scheduler.period;
  return attributes;
}

void apply_scheduler(const sys::SchedulingAttributes& attributes) {
  const auto set = sys::set_scheduling(0, attributes);
  if (set.ok()) return;
  std::string_view name = "policy ?";
  for (const Policy& known : kPolicies)
    if (known.value == attributes.policy) name = known.name;
  Error error(ErrorKind::Kernel, text::join("set scheduler to ", name), set.err());
  // Real-time groups give a new cgroup no run time at all (CONFIG_RT_GROUP_SCHED), and deadlines need every CPU (man 7 sched).
  if (set.err() == EPERM)
    error.with_hint(
        "it needs CAP_SYS_NICE; a cgroup without real-time run time refuses SCHED_FIFO and SCHED_RR, a cpuset SCHED_DEADLINE");
  if (set.err() == EBUSY) error.with_hint("there is not enough CPU time left for this SCHED_DEADLINE process");
  throw error;
}

}  // namespace caisson::process
