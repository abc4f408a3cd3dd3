// caisson exec and top: what runs in a container besides its own program.
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>

#include "app/caisson/commands.hpp"
#include "app/caisson/run_container.hpp"
#include "app/caisson/run_detached.hpp"
#include "app/caisson/run_services.hpp"
#include "app/host_ps.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "launch/monitor.hpp"
#include "life/look.hpp"
#include "life/processes.hpp"
#include "lifecycle/commands.hpp"
#include "process/user.hpp"
#include "service/plan.hpp"
#include "sys/file.hpp"
#include "sys/root_dir.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {
namespace {

struct UserFiles {
  std::string passwd, group;
};

UserFiles user_files(pid_t first) {
  const std::string path = text::join("/proc/", first, "/root");
  const sys::RootDir root = sys::RootDir::open_host(path.c_str()).or_throw("look up the user in the container: open ", path);
  return {text_of_file(root, "/etc/passwd"), text_of_file(root, "/etc/group")};
}

void change_user(spec::User& user, std::string_view wanted, pid_t first) {
  const auto [passwd, group] = process::is_numeric_user(wanted) ? UserFiles() : user_files(first);
  const process::ResolvedUser found = process::resolve_user(wanted, passwd, group);
  user.uid = found.uid;
  user.gid = found.gid;
  // As `run` does it: none where the container maps no group but its own, and those of the maker where they may not be changed.
  user.additional_gids.clear();
  const std::string maps = text::join("/proc/", first, "/gid_map"), setgroups = text::join("/proc/", first, "/setgroups");
  if (!process::is_mapped(sys::read_file(sys::kCwd, maps.c_str()).or_throw("read ", maps), 1)) return;
  const bool stay = sys::read_file(sys::kCwd, setgroups.c_str()).or_throw("read ", setgroups).starts_with("deny");
  user.additional_gids = stay ? found.additional_gids : process::groups_with_primary(found);
}

void set_variables(std::vector<std::string>& environment, const OptionValues& options) {
  for (const std::string_view wanted : options.values("env")) {
    const std::string_view name = wanted.substr(0, wanted.find('='));
    if (name.empty()) throw Error(ErrorKind::Usage, text::join("--env: ", text::quoted(wanted), " has no name"));
    std::erase_if(environment, [&](const std::string& one) { return one.starts_with(text::join(name, "=")); });
    const char* callers = std::getenv(std::string(name).c_str());
    if (name.size() < wanted.size())
      environment.emplace_back(wanted);
    else if (callers != nullptr)
      environment.push_back(text::join(name, "=", callers));
  }
}

void become_like(spec::Process& process, const service::Wish& wish, pid_t first) {
  const auto [passwd, group] = wish.user.empty() ? UserFiles() : user_files(first);
  const spec::Process container = process;
  service::apply(process, wish, {.process = container, .passwd = passwd, .group = group});
}

spec::Process process_of(spec::Process base, const Invocation& invocation, const life::Record& record, pid_t first) {
  const OptionValues& options = invocation.options();
  if (const auto name = options.value("service")) become_like(base, service_of(record, *name), first);
  base.args.assign(invocation.line.operands.begin() + 1, invocation.line.operands.end());
  base.terminal = options.flag("tty");
  base.console_size.reset();
  if (options.has("workdir")) base.cwd = options.text("workdir");
  if (const auto user = options.value("user")) change_user(base.user, *user, first);
  set_variables(base.env, options);
  return base;
}

// Without --interactive nothing is read from the caller, so that a loop of a script over lines keeps its own.
void set_streams(const OptionValues& options) {
  if (options.flag("detach")) return launch::redirect_streams({});
  if (options.flag("tty") && !sys::is_terminal(sys::BorrowedFd(0)))
    throw Error(ErrorKind::Usage, "--tty: standard input is not a terminal").with_hint("leave out --tty in scripts and pipes");
  if (options.flag("interactive") || options.flag("tty")) return;
  const sys::UniqueFd null = sys::open_at(sys::kCwd, "/dev/null", O_RDONLY).or_throw("open /dev/null");
  sys::duplicate_onto(null.borrow(), 0).or_throw("redirect standard input");
}

}  // namespace

int exec(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  const OptionValues& options = invocation.options();
  const life::Entry entry = containers.find(invocation.operand(0));
  const life::Seen seen = life::look(containers.context(), entry);
  if (!life::is_live(seen.phase))
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is not running"))
        .with_hint(text::join("caisson start ", entry.record.name, " starts it"));
  if (seen.phase == life::Phase::Paused)
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is paused"))
        .with_hint(text::join("caisson unpause ", entry.record.name, " lets it go on"));
  if (options.flag("detach") && options.flag("tty"))
    throw Error(ErrorKind::Usage, "--tty with --detach: nobody would have the terminal");
  lifecycle::ExecRequest request{.id = entry.id(), .process = {}, .of_configured = {}};
  request.of_configured = [&](spec::Process&& base) { return process_of(std::move(base), invocation, entry.record, seen.pid); };
  request.detach = options.flag("detach");
  set_streams(options);
  return lifecycle::exec(containers.context(), request);
}

int top(const Invocation& invocation) {
  const DetachedContainers containers(invocation);
  const life::Entry entry = containers.find(invocation.operand(0));
  if (!life::is_live(life::look(containers.context(), entry).phase))
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " is not running"));
  const std::vector<pid_t> pids = life::processes_of(lifecycle::open_container(containers.context(), entry.id()));
  std::vector<std::string_view> arguments(invocation.line.operands.begin() + 1, invocation.line.operands.end());
  if (arguments.empty()) arguments.push_back("-ef");
  print_out(lines_of_processes(run_ps(arguments), pids));
  return 0;
}

}  // namespace caisson::app::human
