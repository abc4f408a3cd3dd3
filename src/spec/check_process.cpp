// The checks of a process: what runs, as whom, with which rights and limits.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"
#include "spec/validate.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

void check_args(const Process& process, std::string_view prefix) {
  if (process.args.empty()) {
    refuse(child_path(prefix, "args"), "must name a program", "give the program and its arguments as a list of strings");
  }
}

void check_cwd(const Process& process, std::string_view prefix) {
  const JsonPath path = child_path(prefix, "cwd");
  if (process.cwd.empty()) refuse(path, "missing", "use \"/\" when the program does not care");
  require_absolute(process.cwd, path);
}

void check_env(const Process& process, std::string_view prefix) { require_environment(process.env, child_path(prefix, "env")); }

void check_user(const Process& process, std::string_view prefix) {
  const JsonPath path = child_path(prefix, "user");
  const User& user = process.user;
  const auto require_id = [](std::uint32_t id, const JsonPath& where) {
    if (id == kNoId) refuse(where, "4294967295 is no id", "the last user or group id is 4294967294");
  };
  require_id(user.uid, child_path(path, "uid"));
  require_id(user.gid, child_path(path, "gid"));
  for (std::size_t i = 0; i < user.additional_gids.size(); ++i) {
    require_id(user.additional_gids[i], child_path(child_path(path, "additionalGids"), i));
  }
  if (user.umask.value_or(0) > 0777) {
    refuse(child_path(path, "umask"), text::join(text::octal(*user.umask), " is not a umask"),
           "it has three octal digits, in JSON as a decimal number: 18 is 022");
  }
}

void check_console_size(const Process& process, std::string_view prefix) {
  constexpr std::uint32_t kLargest = 65535;  // struct winsize, man 2 TIOCSWINSZ
  if (!process.console_size) return;
  const JsonPath path = child_path(prefix, "consoleSize");
  if (process.console_size->height > kLargest) refuse(child_path(path, "height"), "is greater than 65535");
  if (process.console_size->width > kLargest) refuse(child_path(path, "width"), "is greater than 65535");
}

void check_rlimits(const Process& process, std::string_view prefix) {
  const JsonPath path = child_path(prefix, "rlimits");
  const auto& limits = process.rlimits;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const JsonPath where = child_path(path, i);
    require_known(rlimit_names(), "resource limit", limits[i].type, child_path(where, "type"));
    const auto earlier = limits.begin() + static_cast<std::ptrdiff_t>(i);
    const auto same = std::find_if(limits.begin(), earlier, [&](const Rlimit& other) { return other.type == limits[i].type; });
    if (same != earlier) {
      const auto first = static_cast<std::size_t>(same - limits.begin());
      refuse(child_path(where, "type"),
             text::join(limits[i].type, " is given by ", child_path(path, first).text(), " already"));
    }
    if (limits[i].soft > limits[i].hard) {
      refuse(child_path(where, "soft"), text::join(limits[i].soft, " is greater than the hard limit ", limits[i].hard));
    }
  }
}

void check_oom_score(const Process& process, std::string_view prefix) {
  const std::int32_t score = process.oom_score_adj.value_or(0);
  if (score < -1000 || score > 1000) {
    refuse(child_path(prefix, "oomScoreAdj"), text::join(score, " is out of range -1000..1000"));
  }
}

void check_io_priority(const Process& process, std::string_view prefix) {
  if (!process.io_priority) return;
  const JsonPath path = child_path(prefix, "ioPriority");
  require_known(io_priority_classes(), "I/O priority class", process.io_priority->io_class, child_path(path, "class"));
  const std::int32_t priority = process.io_priority->priority;
  if (priority < 0 || priority > 7) refuse(child_path(path, "priority"), text::join(priority, " is out of range 0..7"));
}

void check_affinity(const Process& process, std::string_view prefix) {
  if (!process.exec_cpu_affinity) return;
  const JsonPath path = child_path(prefix, "execCPUAffinity");
  require_number_list(process.exec_cpu_affinity->initial, child_path(path, "initial"));
  require_number_list(process.exec_cpu_affinity->final, child_path(path, "final"));
}

constexpr std::array kProcessChecks{
    ProcessCheck{"args", "process.args names a program", check_args},
    ProcessCheck{"cwd", "process.cwd is an absolute path", check_cwd},
    ProcessCheck{"env", "every entry of process.env is NAME=value with a name", check_env},
    ProcessCheck{"user", "user and group ids are below 4294967295 and the umask has three octal digits", check_user},
    ProcessCheck{"console-size", "process.consoleSize fits a terminal", check_console_size},
    ProcessCheck{"rlimits", "resource limits are known, given once, and the soft one is not above the hard one", check_rlimits},
    ProcessCheck{"oom-score", "process.oomScoreAdj is between -1000 and 1000", check_oom_score},
    ProcessCheck{"scheduler", "process.scheduler uses only what its policy takes, within its range", check_scheduler},
    ProcessCheck{"io-priority", "process.ioPriority has a known class and a priority of 0 to 7", check_io_priority},
    ProcessCheck{"cpu-affinity", "process.execCPUAffinity holds CPU lists", check_affinity},
};

}  // namespace

std::span<const ProcessCheck> process_checks() { return kProcessChecks; }

void validate_process(const Process& process, std::string_view prefix) {
  for (const ProcessCheck& check : kProcessChecks) check.run(process, prefix);
}

}  // namespace caisson::spec
