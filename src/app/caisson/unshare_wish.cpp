#include "app/caisson/unshare_wish.hpp"

#include <signal.h>
#include <sys/mount.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/signals.hpp"
#include "process/user.hpp"

namespace caisson::app::human {
namespace {

using ns::Type;
using plan::RangeWish;
using plan::UnshareWish;
using Value = std::optional<std::string_view>;

constexpr const char* kBinfmt = "/proc/sys/fs/binfmt_misc";

constexpr std::uint64_t flag(Type type) { return ns::kind_of(type).flag; }

Error refusal(std::string words) { return Error(ErrorKind::Usage, std::move(words)); }

template <Type kind>
void new_namespace(UnshareWish& wish, Value file, const Accounts&) {
  wish.created |= flag(kind);
  if (file) wish.files.push_back({kind, std::string(*file)});
}

std::uint32_t number_or_name(std::string_view text, const char* what, const Accounts& accounts, const char* file) {
  if (const auto number = text::parse_number<std::uint32_t>(text); number && *number <= process::kHighestId) return *number;
  // A name of digits only is no name.
  const bool name = text.find_first_not_of("0123456789") != std::string_view::npos;
  if (name)
    for (const std::string& content = accounts.read(file); const std::string_view line : text::split(content, '\n')) {
      const auto fields = text::split(line, ':');
      if (fields.size() < 4 || fields[0] != text) continue;
      if (const auto id = text::parse_number<std::uint32_t>(fields[2])) return *id;
    }
  throw refusal(text::join("failed to parse ", what, " '", text, "'"));
}

std::uint32_t id_of(std::string_view text, const char* what) {
  const auto number = text::parse_number<std::uint32_t>(text);
  if (!number || *number > process::kHighestId) throw refusal(text::join("failed to parse ", what, ": '", text, "'"));
  return *number;
}

void map_user(UnshareWish& wish, Value value, const Accounts& accounts) {
  wish.created |= flag(Type::User);
  wish.user = number_or_name(*value, "uid", accounts, "/etc/passwd");
}
void map_group(UnshareWish& wish, Value value, const Accounts& accounts) {
  wish.created |= flag(Type::User);
  wish.group = number_or_name(*value, "gid", accounts, "/etc/group");
}
void map_root(UnshareWish& wish, Value, const Accounts&) {
  wish.created |= flag(Type::User);
  wish.user = wish.group = 0;
}
void map_current(UnshareWish& wish, Value, const Accounts& accounts) {
  wish.created |= flag(Type::User);
  wish.user = accounts.euid;
  wish.group = accounts.egid;
}

RangeWish range(std::string_view text) {
  using From = RangeWish::From;
  if (text == "auto") return {.from = From::SubordinateFromZero};
  if (text == "subids") return {.from = From::SubordinateAsItself};
  if (text == "all") return {.from = From::EveryIdOfCaller};
  const auto written = ns::parse_id_range(text);
  if (!written) throw refusal(text::join("invalid mapping '", text, "'"));
  return {.written = *written};
}
void map_users(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::User);
  wish.users.push_back(range(*value));
}
void map_groups(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::User);
  wish.groups.push_back(range(*value));
}
template <RangeWish::From from>
void map_subordinate(UnshareWish& wish, Value, const Accounts&) {
  wish.created |= flag(Type::User);
  wish.users.push_back({.from = from});
  wish.groups.push_back({.from = from});
}

void owner(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::User);
  const auto numbers = text::split(*value, ':');
  const auto uid = numbers.size() == 2 ? text::parse_number<std::uint32_t>(numbers[0]) : std::nullopt;
  const auto gid = numbers.size() == 2 ? text::parse_number<std::uint32_t>(numbers[1]) : std::nullopt;
  if (!uid || !gid || *uid > process::kHighestId || *gid > process::kHighestId) throw refusal("failed to parse owner");
  wish.owner = plan::OwnerIds{.uid = *uid, .gid = *gid};
}

void setgroups(UnshareWish& wish, Value value, const Accounts&) {
  if (*value != "allow" && *value != "deny") throw refusal(text::join("unsupported --setgroups argument '", *value, "'"));
  wish.setgroups = *value == "allow" ? plan::Setgroups::Allow : plan::Setgroups::Deny;
}

struct Propagation {
  std::string_view word;
  unsigned long flags;
};
constexpr std::array kPropagations{
    Propagation{"slave", MS_REC | MS_SLAVE},
    Propagation{"private", MS_REC | MS_PRIVATE},
    Propagation{"shared", MS_REC | MS_SHARED},
    Propagation{"unchanged", 0},
};
void propagation(UnshareWish& wish, Value value, const Accounts&) {
  const auto found = std::ranges::find(kPropagations, *value, &Propagation::word);
  if (found == kPropagations.end()) throw refusal(text::join("unsupported propagation mode: ", *value));
  wish.propagation = found->flags;
}

void kill_child(UnshareWish& wish, Value value, const Accounts&) {
  wish.fork = true;
  wish.death_signal = SIGKILL;
  if (!value) return;
  try {
    wish.death_signal = process::parse_signal(*value);
  } catch (const Error&) {
    wish.death_signal = 0;
  }
  if (wish.death_signal == 0) throw refusal(text::join("unknown signal: ", *value));
}
void forward_signals(UnshareWish& wish, Value, const Accounts&) { wish.fork = wish.forward_signals = true; }
void fork(UnshareWish& wish, Value, const Accounts&) { wish.fork = true; }

void mount_proc(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::Mount);
  wish.proc = value.value_or("/proc");
}
// Its place in the standard tree is below /proc, which then has to be that of the new namespaces.
void standard_binfmt(UnshareWish& wish) {
  if (wish.proc.empty()) wish.proc = "/proc";
  wish.binfmt = kBinfmt;
}
void mount_binfmt(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::Mount) | flag(Type::User);
  if (value)
    wish.binfmt = *value;
  else
    standard_binfmt(wish);
}
void load_interpreter(UnshareWish& wish, Value value, const Accounts&) {
  wish.created |= flag(Type::Mount) | flag(Type::User);
  if (wish.binfmt.empty()) standard_binfmt(wish);
  wish.interpreter = *value;
}

std::int64_t seconds(std::string_view text, const char* clock) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const auto number = text::parse_number<std::int64_t>(digits);
  if (!number || digits.starts_with('+')) throw refusal(text::join("failed to parse ", clock, " offset: '", text, "'"));
  return *number;
}

void root(UnshareWish& wish, Value value, const Accounts&) { wish.root = *value; }
void directory(UnshareWish& wish, Value value, const Accounts&) { wish.directory = *value; }
void user(UnshareWish& wish, Value value, const Accounts&) { wish.uid = id_of(*value, "uid"); }
void group(UnshareWish& wish, Value value, const Accounts&) { wish.gid = id_of(*value, "gid"); }
void keep_capabilities(UnshareWish& wish, Value, const Accounts&) { wish.keep_capabilities = true; }
void monotonic(UnshareWish& wish, Value value, const Accounts&) { wish.monotonic = seconds(*value, "monotonic"); }
void boottime(UnshareWish& wish, Value value, const Accounts&) { wish.boottime = seconds(*value, "boottime"); }
void clear_environment(UnshareWish& wish, Value, const Accounts&) { wish.environment = plan::Environment::Listed; }
void listed_environment(UnshareWish& wish, Value value, const Accounts&) {
  wish.environment = plan::Environment::Listed;
  for (const std::string_view name : text::split(*value, ','))
    if (!name.empty()) wish.kept_variables.emplace_back(name);
}

struct Meaning {
  std::string_view option;
  void (*apply)(UnshareWish&, Value, const Accounts&);
};
constexpr std::array kMeanings{
    Meaning{"mount", new_namespace<Type::Mount>},
    Meaning{"uts", new_namespace<Type::Uts>},
    Meaning{"ipc", new_namespace<Type::Ipc>},
    Meaning{"net", new_namespace<Type::Network>},
    Meaning{"pid", new_namespace<Type::Pid>},
    Meaning{"user", new_namespace<Type::User>},
    Meaning{"cgroup", new_namespace<Type::Cgroup>},
    Meaning{"time", new_namespace<Type::Time>},
    Meaning{"fork", fork},
    Meaning{"kill-child", kill_child},
    Meaning{"forward-signals", forward_signals},
    Meaning{"map-root-user", map_root},
    Meaning{"map-current-user", map_current},
    Meaning{"map-user", map_user},
    Meaning{"map-group", map_group},
    Meaning{"map-users", map_users},
    Meaning{"map-groups", map_groups},
    Meaning{"map-auto", map_subordinate<RangeWish::From::SubordinateFromZero>},
    Meaning{"map-subids", map_subordinate<RangeWish::From::SubordinateAsItself>},
    Meaning{"owner", owner},
    Meaning{"setgroups", setgroups},
    Meaning{"keep-caps", keep_capabilities},
    Meaning{"mount-proc", mount_proc},
    Meaning{"mount-binfmt", mount_binfmt},
    Meaning{"load-interp", load_interpreter},
    Meaning{"propagation", propagation},
    Meaning{"root", root},
    Meaning{"wd", directory},
    Meaning{"setuid", user},
    Meaning{"setgid", group},
    Meaning{"monotonic", monotonic},
    Meaning{"boottime", boottime},
    Meaning{"clear-env", clear_environment},
    Meaning{"whitelist-env", listed_environment},
};

}  // namespace

plan::UnshareWish unshare_wish(const Parsed& line, const Accounts& accounts) {
  UnshareWish wish;
  wish.propagation = MS_REC | MS_PRIVATE;
  for (const Given& given : line.options.all()) {
    const auto meaning = std::ranges::find(kMeanings, given.option->name, &Meaning::option);
    if (meaning != kMeanings.end()) meaning->apply(wish, given.value, accounts);
  }
  wish.command.assign(line.operands.begin(), line.operands.end());
  return wish;
}

}  // namespace caisson::app::human
