#include "process/rlimits.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/process.hpp"

namespace caisson::process {
namespace {

constexpr std::array kRlimitNames{
    RlimitName{"RLIMIT_CPU", 0},       RlimitName{"RLIMIT_FSIZE", 1},  RlimitName{"RLIMIT_DATA", 2},
    RlimitName{"RLIMIT_STACK", 3},     RlimitName{"RLIMIT_CORE", 4},   RlimitName{"RLIMIT_RSS", 5},
    RlimitName{"RLIMIT_NPROC", 6},     RlimitName{"RLIMIT_NOFILE", 7}, RlimitName{"RLIMIT_MEMLOCK", 8},
    RlimitName{"RLIMIT_AS", 9},        RlimitName{"RLIMIT_LOCKS", 10}, RlimitName{"RLIMIT_SIGPENDING", 11},
    RlimitName{"RLIMIT_MSGQUEUE", 12}, RlimitName{"RLIMIT_NICE", 13},  RlimitName{"RLIMIT_RTPRIO", 14},
    RlimitName{"RLIMIT_RTTIME", 15},
};
constexpr std::string_view kPrefix = "RLIMIT_";
constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

std::string limit_text(std::uint64_t value) { return value == kUnlimited ? std::string("unlimited") : text::join(value); }

std::optional<std::uint64_t> parse_limit(std::string_view text) {
  if (text == "unlimited" || text == "-1") return kUnlimited;
  return text::parse_number<std::uint64_t>(text);
}

}  // namespace

std::span<const RlimitName> rlimit_names() { return kRlimitNames; }

std::optional<int> rlimit_number(std::string_view name) {
  for (const RlimitName& known : kRlimitNames)
    if (known.name == name) return known.number;
  return std::nullopt;
}

std::string_view rlimit_name(int number) {
  for (const RlimitName& known : kRlimitNames)
    if (known.number == number) return known.name;
  return "RLIMIT_?";
}

std::vector<RlimitAction> plan_rlimits(const std::vector<spec::Rlimit>& limits) {
  std::vector<RlimitAction> actions;
  for (const spec::Rlimit& limit : limits) {
    const auto number = rlimit_number(limit.type);
    if (!number) throw Error(ErrorKind::Spec, text::join("unknown resource limit ", text::quoted(limit.type)));
    if (std::ranges::any_of(actions, [&](const RlimitAction& earlier) { return earlier.number == *number; }))
      throw Error(ErrorKind::Spec, text::join("resource limit ", limit.type, " is given twice"));
    if (limit.soft > limit.hard)
      throw Error(ErrorKind::Spec, text::join("resource limit ", limit.type, ": soft limit ", limit_text(limit.soft),
                                              " is above hard limit ", limit_text(limit.hard)));
    actions.push_back({*number, {.rlim_cur = limit.soft, .rlim_max = limit.hard}});
  }
  return actions;
}

spec::Rlimit parse_rlimit(std::string_view text) {
  const auto refuse = [&]() -> Error {
    return Error(ErrorKind::Usage, text::join("invalid resource limit ", text::quoted(text)))
        .with_hint("write NAME=SOFT[:HARD], as in nofile=1024:4096 or core=unlimited");
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) throw refuse();
  spec::Rlimit limit{.type = text::join(kPrefix, text::upper_case(text.substr(0, equals)))};
  if (!rlimit_number(limit.type)) throw refuse();
  const std::string_view values = text.substr(equals + 1);
  const std::size_t colon = values.find(':');
  const auto soft = parse_limit(values.substr(0, colon));
  const auto hard = colon == std::string_view::npos ? soft : parse_limit(values.substr(colon + 1));
  if (!soft || !hard || *soft > *hard) throw refuse();
  limit.soft = *soft;
  limit.hard = *hard;
  return limit;
}

void apply_rlimits(pid_t pid, const std::vector<RlimitAction>& actions) {
  for (const RlimitAction& action : actions) {
    const auto set = sys::set_resource_limit(pid, action.number, action.limit);
    if (set.ok()) continue;
    Error error(ErrorKind::Kernel,
                text::join("set ", rlimit_name(action.number), " to ", limit_text(action.limit.rlim_cur), " (hard ",
                           limit_text(action.limit.rlim_max), ")"),
                set.err());
    if (set.err() == EPERM)
      error.with_hint("raising a hard limit needs CAP_SYS_RESOURCE, and nofile never goes above fs.nr_open");
    throw error;
  }
}

}  // namespace caisson::process
