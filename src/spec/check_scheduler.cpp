// What each scheduling policy takes (man 7 sched, man 2 sched_setattr).
#include <string>

#include "base/text.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

constexpr std::uint64_t kShortestRuntime = 1024;  // nanoseconds, the kernel's DL_SCALE

bool is_real_time(const Scheduler& scheduler) { return scheduler.policy == "SCHED_FIFO" || scheduler.policy == "SCHED_RR"; }

void check_deadline(const Scheduler& scheduler, const JsonPath& path) {
  if (scheduler.runtime < kShortestRuntime) {
    refuse(child_path(path, "runtime"), "SCHED_DEADLINE needs a runtime of at least 1024 nanoseconds");
  }
  if (scheduler.deadline < scheduler.runtime) {
    refuse(child_path(path, "deadline"), text::join(scheduler.deadline, " is less than the runtime ", scheduler.runtime));
  }
  if (scheduler.period != 0 && scheduler.period < scheduler.deadline) {
    refuse(child_path(path, "period"), text::join(scheduler.period, " is less than the deadline ", scheduler.deadline));
  }
}

void require_no_deadline(const Scheduler& scheduler, const JsonPath& path) {
  struct Member {
    std::string_view name;
    std::uint64_t value;
  };
  for (const Member& member :
       {Member{"runtime", scheduler.runtime}, {"deadline", scheduler.deadline}, {"period", scheduler.period}}) {
    if (member.value != 0) refuse(child_path(path, member.name), "is for SCHED_DEADLINE only");
  }
}

}  // namespace

void check_scheduler(const Process& process, std::string_view prefix) {
  if (!process.scheduler) return;
  const Scheduler& scheduler = *process.scheduler;
  const JsonPath path = child_path(prefix, "scheduler");
  require_known(scheduler_policies(), "scheduling policy", scheduler.policy, child_path(path, "policy"));
  for (std::size_t i = 0; i < scheduler.flags.size(); ++i) {
    require_known(scheduler_flags(), "scheduling flag", scheduler.flags[i], child_path(child_path(path, "flags"), i));
  }
  if (scheduler.nice < -20 || scheduler.nice > 19) {
    refuse(child_path(path, "nice"), text::join(scheduler.nice, " is out of range -20..19"));
  }
  if (is_real_time(scheduler)) {
    if (scheduler.priority < 1 || scheduler.priority > 99) {
      refuse(child_path(path, "priority"), text::join(scheduler.priority, " is out of range 1..99 of ", scheduler.policy));
    }
  } else if (scheduler.priority != 0) {
    refuse(child_path(path, "priority"), "is for SCHED_FIFO and SCHED_RR only");
  }
  if (scheduler.policy == "SCHED_DEADLINE")
    check_deadline(scheduler, path);
  else
    require_no_deadline(scheduler, path);
}

}  // namespace caisson::spec
