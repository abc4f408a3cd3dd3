// lint: table
// Every check of a process, with the exact words of its refusal.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "spec/validate.hpp"
#include "spec/vocabulary.hpp"
#include "unit/spec/samples.hpp"

namespace caisson::spec {
namespace {

struct ProcessCase {
  std::string_view check;
  std::string_view refusal;
  void (*spoil)(Process& process);
};

Scheduler& scheduler(Process& process, std::string policy) {
  process.scheduler.emplace().policy = std::move(policy);
  return *process.scheduler;
}

const ProcessCase kProcessCases[] = {
    {"args", "args: must name a program | give the program and its arguments as a list of strings",
     [](Process& p) { p.args.clear(); }},
    {"cwd", "cwd: missing | use \"/\" when the program does not care", [](Process& p) { p.cwd = ""; }},
    {"cwd", "cwd: \"home\" is not an absolute path", [](Process& p) { p.cwd = "home"; }},
    {"env", "env[1]: \"B\" has no '=' | write it as NAME=value",
     [](Process& p) {
       p.env = {"A=", "B"};
     }},
    {"env", "env[0]: \"=x\" has no name | write it as NAME=value", [](Process& p) { p.env = {"=x"}; }},
    {"env", "env[0]: \"\" has no '=' | write it as NAME=value", [](Process& p) { p.env = {""}; }},
    {"user", "user.uid: 4294967295 is no id | the last user or group id is 4294967294",
     [](Process& p) { p.user.uid = 4294967295u; }},
    {"user", "user.gid: 4294967295 is no id | the last user or group id is 4294967294",
     [](Process& p) { p.user.gid = 4294967295u; }},
    {"user", "user.additionalGids[1]: 4294967295 is no id | the last user or group id is 4294967294",
     [](Process& p) {
       p.user.additional_gids = {1, 4294967295u};
     }},
    {"user", "user.umask: 01000 is not a umask | it has three octal digits, in JSON as a decimal number: 18 is 022",
     [](Process& p) { p.user.umask = 01000; }},
    {"console-size", "consoleSize.height: is greater than 65535",
     [](Process& p) {
       p.console_size = BoxSize{65536, 1};
     }},
    {"console-size", "consoleSize.width: is greater than 65535",
     [](Process& p) {
       p.console_size = BoxSize{1, 65536};
     }},
    {"rlimits",
     "rlimits[0].type: unknown resource limit \"NOFILE\" | known are RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_DATA, "
     "RLIMIT_FSIZE, RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_RSS, "
     "RLIMIT_RTPRIO, RLIMIT_RTTIME, RLIMIT_SIGPENDING, RLIMIT_STACK",
     [](Process& p) {
       p.rlimits = {{"NOFILE", 1, 1}};
     }},
    {"rlimits", "rlimits[2].type: RLIMIT_CORE is given by rlimits[0] already",
     [](Process& p) {
       p.rlimits = {{"RLIMIT_CORE", 1, 1}, {"RLIMIT_CPU", 1, 1}, {"RLIMIT_CORE", 1, 1}};
     }},
    {"rlimits", "rlimits[0].soft: 2 is greater than the hard limit 1",
     [](Process& p) {
       p.rlimits = {{"RLIMIT_CORE", 1, 2}};
     }},
    {"oom-score", "oomScoreAdj: 1001 is out of range -1000..1000", [](Process& p) { p.oom_score_adj = 1001; }},
    {"oom-score", "oomScoreAdj: -1001 is out of range -1000..1000", [](Process& p) { p.oom_score_adj = -1001; }},
    {"scheduler",
     "scheduler.policy: unknown scheduling policy \"OTHER\" | known are SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, "
     "SCHED_ISO, SCHED_IDLE, SCHED_DEADLINE",
     [](Process& p) { scheduler(p, "OTHER"); }},
    {"scheduler",
     "scheduler.flags[0]: unknown scheduling flag \"X\" | known are SCHED_FLAG_RESET_ON_FORK, SCHED_FLAG_RECLAIM, "
     "SCHED_FLAG_DL_OVERRUN, SCHED_FLAG_KEEP_POLICY, SCHED_FLAG_KEEP_PARAMS, SCHED_FLAG_UTIL_CLAMP_MIN, "
     "SCHED_FLAG_UTIL_CLAMP_MAX",
     [](Process& p) { scheduler(p, "SCHED_OTHER").flags = {"X"}; }},
    {"scheduler", "scheduler.nice: 20 is out of range -20..19", [](Process& p) { scheduler(p, "SCHED_OTHER").nice = 20; }},
    {"scheduler", "scheduler.nice: -21 is out of range -20..19", [](Process& p) { scheduler(p, "SCHED_BATCH").nice = -21; }},
    {"scheduler", "scheduler.priority: 0 is out of range 1..99 of SCHED_FIFO", [](Process& p) { scheduler(p, "SCHED_FIFO"); }},
    {"scheduler", "scheduler.priority: 100 is out of range 1..99 of SCHED_RR",
     [](Process& p) { scheduler(p, "SCHED_RR").priority = 100; }},
    {"scheduler", "scheduler.priority: is for SCHED_FIFO and SCHED_RR only",
     [](Process& p) { scheduler(p, "SCHED_OTHER").priority = 1; }},
    {"scheduler", "scheduler.runtime: is for SCHED_DEADLINE only", [](Process& p) { scheduler(p, "SCHED_OTHER").runtime = 1; }},
    {"scheduler", "scheduler.deadline: is for SCHED_DEADLINE only",
     [](Process& p) { scheduler(p, "SCHED_IDLE").deadline = 1; }},
    {"scheduler", "scheduler.period: is for SCHED_DEADLINE only", [](Process& p) { scheduler(p, "SCHED_BATCH").period = 1; }},
    {"scheduler", "scheduler.runtime: SCHED_DEADLINE needs a runtime of at least 1024 nanoseconds",
     [](Process& p) { scheduler(p, "SCHED_DEADLINE").runtime = 1023; }},
    {"scheduler", "scheduler.deadline: 0 is less than the runtime 2000",
     [](Process& p) { scheduler(p, "SCHED_DEADLINE").runtime = 2000; }},
    {"scheduler", "scheduler.period: 2500 is less than the deadline 3000",
     [](Process& p) {
       Scheduler& s = scheduler(p, "SCHED_DEADLINE");
       s.runtime = 2000;
       s.deadline = 3000;
       s.period = 2500;
     }},
    {"io-priority",
     "ioPriority.class: unknown I/O priority class \"BE\" | known are IOPRIO_CLASS_RT, IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE",
     [](Process& p) {
       p.io_priority = IoPriority{"BE", 0};
     }},
    {"io-priority", "ioPriority.priority: 8 is out of range 0..7",
     [](Process& p) {
       p.io_priority = IoPriority{"IOPRIO_CLASS_BE", 8};
     }},
    {"io-priority", "ioPriority.priority: -1 is out of range 0..7",
     [](Process& p) {
       p.io_priority = IoPriority{"IOPRIO_CLASS_RT", -1};
     }},
    {"cpu-affinity", "execCPUAffinity.initial: \"x\" is not a list of numbers and ranges | write it as \"0-3,7\"",
     [](Process& p) {
       p.exec_cpu_affinity = ExecCpuAffinity{"x", ""};
     }},
    {"cpu-affinity", "execCPUAffinity.final: the range \"4-2\" ends before it begins",
     [](Process& p) {
       p.exec_cpu_affinity = ExecCpuAffinity{"", "4-2"};
     }},
};

TEST(ValidateProcess, RefusesWithPathAndHint) {
  for (const ProcessCase& one : kProcessCases) {
    Spec spec = small_spec();
    one.spoil(*spec.process);
    EXPECT_EQ(refusal([&] { validate_process(*spec.process); }), one.refusal);
    EXPECT_EQ(refusal([&] { validate(spec); }).substr(0, 8), "process.");
  }
}

TEST(ValidateProcess, NamesPathsInsideTheConfiguration) {
  Spec spec = small_spec();
  spec.process->rlimits = {{"RLIMIT_CORE", 1, 1}, {"RLIMIT_CORE", 1, 1}};
  EXPECT_EQ(refusal([&] { validate(spec); }), "process.rlimits[1].type: RLIMIT_CORE is given by process.rlimits[0] already");
}

TEST(ValidateProcess, HasACaseForEveryCheck) {
  std::set<std::string_view> missing;
  for (const ProcessCheck& check : process_checks()) missing.insert(check.name);
  for (const ProcessCase& one : kProcessCases) missing.erase(one.check);
  EXPECT_TRUE(missing.empty()) << *missing.begin();
}

TEST(ValidateProcess, AcceptsEveryKnownWord) {
  Process process = *small_spec().process;
  process.capabilities.emplace();
  for (const std::string_view name : capability_names()) process.capabilities->bounding.emplace_back(name);
  for (const std::string_view name : rlimit_names()) process.rlimits.push_back({std::string(name), 2, 1});
  process.user.umask = 0777;
  process.oom_score_adj = -1000;
  process.exec_cpu_affinity = ExecCpuAffinity{"0-3,7", "65535"};
  for (const std::string_view policy : scheduler_policies()) {
    Scheduler& all = scheduler(process, std::string(policy));
    if (policy == "SCHED_FIFO" || policy == "SCHED_RR") all.priority = 99;
    if (policy == "SCHED_DEADLINE") all.runtime = all.deadline = 1024;
    for (const std::string_view flag : scheduler_flags()) all.flags.emplace_back(flag);
    EXPECT_EQ(refusal([&] { validate_process(process); }), "nothing") << policy;
  }
  for (const std::string_view io_class : io_priority_classes()) {
    process.io_priority = IoPriority{std::string(io_class), 7};
    EXPECT_EQ(refusal([&] { validate_process(process); }), "nothing") << io_class;
  }
}

}  // namespace
}  // namespace caisson::spec
