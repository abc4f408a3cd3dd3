#include "launch/enter.hpp"

#include <fcntl.h>

#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/enter_namespaces.hpp"
#include "launch/enter_sources.hpp"
#include "launch/program.hpp"
#include "launch/stand_in.hpp"
#include "security/capabilities.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;
using How = plan::IdChoice::How;

struct Identity {
  std::optional<std::uint32_t> uid, gid;
};

// setexeccon(3): the kernel takes the context on at the next execve.
void follow_context(const plan::EnterPlan& plan) {
  if (!plan.follow_context) return;
  if (!plan.target) throw Error(ErrorKind::Usage, "no target PID specified for --follow-context");
  const std::string path = text::join("/proc/", *plan.target, "/attr/current");
  std::string context = sys::read_file(sys::kCwd, path.c_str()).or_throw("failed to get ", *plan.target, " SELinux context");
  while (context.ends_with('\n') || context.ends_with('\0')) context.pop_back();
  sys::write_file(sys::kCwd, "/proc/thread-self/attr/exec", context).or_throw("failed to set exec context to '", context, "'");
}

void change_root(const plan::EnterPlan& plan, EnterSources& sources) {
  if (sources.root.valid()) {
    if (!sources.directory.valid() && plan.inner_directory.empty())
      sources.directory = sys::open_at(sys::kCwd, ".", O_RDONLY).or_throw("cannot open current working directory");
    sys::change_dir(sources.root.borrow()).or_throw("change directory by root file descriptor failed");
    sys::change_root(".").or_throw("chroot failed");
    sys::change_dir("/").or_throw("cannot change directory to /");
    sources.root.reset();
  }
  if (!plan.inner_directory.empty()) {
    auto opened = sys::open_at(sys::kCwd, plan.inner_directory.c_str(), O_RDONLY);
    if (!opened.ok())
      throw Error(ErrorKind::Kernel, "cannot open current working directory", opened.err())
          .with_hint(text::join("it is ", plan.inner_directory, ", as seen from inside"));
    sources.directory = std::move(opened).value();
  }
  if (!sources.directory.valid()) return;
  sys::change_dir(sources.directory.borrow()).or_throw("change directory by working directory file descriptor failed");
  sources.directory.reset();
}

// "K=V" entries of /proc/PID/environ, ended by a zero byte each. A program may have written anything there.
std::vector<const char*> split_environment(const std::string& text) {
  std::vector<const char*> entries;
  for (std::size_t begin = 0; begin < text.size(); begin = text.find('\0', begin) + 1) {
    const char* entry = text.c_str() + begin;
    if (const std::size_t equals = std::string_view(entry).find('='); equals != 0 && equals != std::string_view::npos)
      entries.push_back(entry);
    if (text.find('\0', begin) == std::string::npos) break;
  }
  entries.push_back(nullptr);
  return entries;
}

std::string read_environment(EnterSources& sources) {
  if (sources.environment_later)
    sources.environment =
        sys::open_at(sources.process.borrow(), "environ", O_RDONLY).or_throw("cannot open the target's environ");
  if (!sources.environment.valid()) return {};
  return sys::read_full(sources.environment.borrow()).or_throw("failed to get environment variables");
}

// The owner of /proc/PID, in the numbers of the user namespace that this process is in by now.
Identity choose_identity(const plan::EnterPlan& plan, const EnterSources& sources, bool enters_user) {
  Identity identity;
  if (plan.uid.how == How::Number) identity.uid = plan.uid.number;
  if (plan.gid.how == How::Number) identity.gid = plan.gid.number;
  if (plan.uid.how == How::OfTarget || plan.gid.how == How::OfTarget) {
    const sys::Status status = sys::status_of_fd(sources.process.borrow()).or_throw("can not get process stat");
    if (plan.uid.how == How::OfTarget) identity.uid = status.uid;
    if (plan.gid.how == How::OfTarget) identity.gid = status.gid;
  }
  if (enters_user && !plan.preserve_credentials) {
    identity.uid = identity.uid.value_or(0);
    identity.gid = identity.gid.value_or(0);
  }
  return identity;
}

[[noreturn]] void throw_not_taken(std::string_view call, std::string_view file, std::uint32_t id, int errno_value) {
  Error error(ErrorKind::Kernel, text::join(call, " failed"), errno_value);
  if (errno_value == EINVAL)
    error.with_hint(text::join(id, " is not mapped in the user namespace (", file,
                               "): choose an id that is with -S and -G, or keep the caller's with --preserve-credentials"));
  if (errno_value == EPERM) error.with_hint("only root, or a process that enters a user namespace of its own, may change ids");
  throw error;
}

enum class GroupsBefore : std::uint8_t { Untried, Dropped, Refused };

// Groups are dropped before a user namespace is entered or in it: one of both is enough.
GroupsBefore drop_groups_outside(const plan::EnterPlan& plan, bool enters_user) {
  if (!enters_user || plan.preserve_credentials) return GroupsBefore::Untried;
  return sys::set_groups({}).ok() ? GroupsBefore::Dropped : GroupsBefore::Refused;
}

void take_identity(const plan::EnterPlan& plan, const Identity& identity, GroupsBefore before) {
  if (identity.gid) {
    const auto dropped = sys::set_groups({});
    const bool denied = dropped.err() == EPERM && plan.when_groups_stay == plan::WhenGroupsStay::GoOn;
    if (!dropped.ok() && before == GroupsBefore::Refused && !denied)
      throw Error(ErrorKind::Kernel, "setgroups failed", dropped.err());
    if (const auto set = sys::set_group(*identity.gid); !set.ok())
      throw_not_taken("setgid()", "/proc/self/gid_map", *identity.gid, set.err());
  }
  if (identity.uid)
    if (const auto set = sys::set_user(*identity.uid); !set.ok())
      throw_not_taken("setuid()", "/proc/self/uid_map", *identity.uid, set.err());
}

}  // namespace

int run_enter(EnterRequest request) {
  const plan::EnterPlan& plan = request.plan;
  follow_context(plan);
  EnterSources sources = open_sources(plan, std::move(request.opened));
  const bool enters_user = sources.enters(Type::User);
  const bool forks = plan.fork && sources.enters(Type::Pid);
  const GroupsBefore groups = drop_groups_outside(plan, enters_user);
  enter_namespaces(sources, plan);
  change_root(plan, sources);
  const std::string text = read_environment(sources);
  std::vector<const char*> entries;
  if (plan.environment) entries = split_environment(text);
  if (sources.cgroup_procs.valid()) sys::write_once(sources.cgroup_procs.borrow(), "0").or_throw("write cgroup.procs failed");
  const Identity identity = choose_identity(plan, sources, enters_user);
  if (forks)
    if (const std::optional<int> status = continue_in_child()) return *status;
  take_identity(plan, identity, groups);
  if (plan.keep_capabilities && enters_user) security::keep_permitted_over_execve();
  const char* const* environment = plan.environment ? entries.data() : request.environment;
  if (plan.command.empty()) execute_shell(environment);
  execute_program(plan.command, environment);
}

}  // namespace caisson::launch
