#include "launch/process_steps.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>

#include <cerrno>

#include "process/console.hpp"
#include "process/cpu_affinity.hpp"
#include "process/descriptors.hpp"
#include "process/io_priority.hpp"
#include "process/memory_policy.hpp"
#include "process/oom_score.hpp"
#include "process/personality.hpp"
#include "process/scheduler.hpp"
#include "process/stdio.hpp"
#include "process/user.hpp"
#include "security/lsm.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/seccomp.hpp"
#include "sys/terminal.hpp"

namespace caisson::launch {
namespace {

void set_identity(const plan::ProcessPlan& plan) {
  if (plan.groups_mode == plan::Groups::Set) sys::set_groups(plan.groups).or_throw("set supplementary groups");
  const auto unmapped = [](const char* what, std::uint32_t id, int errno_value) {
    Error error(errno_value == EINVAL ? ErrorKind::Spec : ErrorKind::Kernel, text::join("become ", what, " ", id), errno_value);
    if (errno_value == EINVAL) error.with_hint("the id is not mapped in the container's user namespace");
    return error;
  };
  if (const auto changed = sys::set_group(plan.gid); !changed.ok()) throw unmapped("group", plan.gid, changed.err());
  if (const auto changed = sys::set_user(plan.uid); !changed.ok()) throw unmapped("user", plan.uid, changed.err());
}

// The raw system call tells the truth about a directory outside of the root (CVE-2024-21626).
void verify_inside_root(const std::string& cwd) {
  const std::string reached = sys::current_dir().or_throw("look where the working directory is");
  if (!reached.starts_with('/'))
    throw Error(ErrorKind::Spec, text::join("process.cwd: ", cwd, " leads out of the container's root"));
}

bool has_home(const std::vector<std::string>& env) {
  for (const std::string& entry : env)
    if (entry.starts_with("HOME=") && entry.size() > 5) return true;
  return false;
}

// Empty where there is none, or none that this user may read: then the home is /. Whatever else goes wrong is told, since the
// program would write to another place than it does the next time.
std::string read_passwd(const sys::RootDir& root) {
  constexpr std::size_t kMostPasswd = std::size_t{1} << 20;
  const auto failure = [](int errno_value) {
    return Error(ErrorKind::Kernel, "read /etc/passwd of the container for HOME", errno_value)
        .with_hint("give process.env a HOME, and the file is not read");
  };
  // O_NONBLOCK: an image may have a FIFO in this place.
  const auto file = root.open("/etc/passwd", O_RDONLY | O_NONBLOCK);
  if (file.err() == ENOENT || file.err() == ENOTDIR || file.err() == EACCES) return {};
  if (!file.ok()) throw failure(file.err());
  auto content = sys::read_full(file.value().borrow(), kMostPasswd);
  if (!content.ok()) throw failure(content.err());
  return std::move(content).value();
}

// HOME that is missing or empty becomes the home directory of the uid, by the container's passwd file.
void add_home(const ProcessStage& stage, std::vector<std::string>& env) {
  if (has_home(env)) return;
  std::erase_if(env, [](const std::string& entry) { return entry == "HOME="; });
  env.push_back("HOME=" + process::home_of(stage.plan.uid, read_passwd(stage.root)));
}

}  // namespace

void attach_console(ProcessStage& stage, ConsoleFor whom) {
  if (!stage.plan.terminal) {
    // Never the caller's terminal as controlling one: its input could be written to by TIOCSTI (CVE-2017-5226).
    sys::new_session().or_throw("start a session");
    process::give_stdio_to(stage.plan.uid);
    process::replace_null_stdio(stage.root, stage.proc, std::move(stage.null_device));
    return;
  }
  const process::Console console = process::open_console(
      stage.root, {.owner = stage.plan.uid, .size = stage.plan.window, .keeps_newlines = stage.plan.output_is_no_terminal});
  stage.channel.send_fd(Message::Console, console.master.borrow(), text::join(console.number));
  process::become_session_on(console.slave.borrow());
  if (whom == ConsoleFor::FirstProcess) process::mount_console(stage.root, console);
}

void set_scheduling(const ProcessStage& stage) {
  const plan::ProcessPlan& plan = stage.plan;
  if (plan.oom_score_adj) process::apply_oom_score_adj(stage.proc, *plan.oom_score_adj);
  process::apply_cpu_affinity(plan.affinity);
  if (plan.scheduler) process::apply_scheduler(*plan.scheduler);
  if (plan.io_priority) process::apply_io_priority(*plan.io_priority);
  if (plan.personality) process::apply_personality(*plan.personality);
  if (plan.memory_policy) process::apply_memory_policy(*plan.memory_policy);
}

void filter_while_privileged(const ProcessStage& stage) {
  if (!stage.plan.filters_early()) return;
  const security::FilterProgram& filter = *stage.plan.filter;
  // With a listener no_new_privs may be asked for as well; it has to be there first when the capability is not.
  if (stage.plan.no_new_privileges) security::forbid_new_privileges();
  if (!filter.notify) {
    sys::load_seccomp_filter(filter.instructions, filter.load_flags).or_throw("load the seccomp filter");
    return;
  }
  const auto listener = sys::load_seccomp_filter_with_listener(filter.instructions, filter.load_flags)
                            .or_throw("load the seccomp filter with a listener");
  // The number only: the runtime fetches the descriptor by pidfd_getfd, since the filter may trap sendmsg.
  stage.channel.send(Message::Listener, text::join(listener.get()));
  stage.channel.expect(Message::Continue);
}

void limit_capabilities(const ProcessStage& stage) {
  const std::uint64_t bounding = stage.plan.capabilities ? stage.plan.capabilities->bounding : 0;
  security::drop_bounding(bounding, stage.plan.last_capability);
}

void switch_user(ProcessStage& stage, mode_t default_umask) {
  const plan::ProcessPlan& plan = stage.plan;
  sys::set_umask(plan.umask.value_or(default_umask));
  security::keep_capabilities_over_setuid();
  auto entered = sys::change_dir(plan.cwd.c_str());
  set_identity(plan);
  // A directory that root may not enter (network filesystems) may still be open to the user.
  if (entered.err() == EACCES || entered.err() == EPERM) entered = sys::change_dir(plan.cwd.c_str());
  std::move(entered).or_throw("process.cwd: change to ", plan.cwd);
  verify_inside_root(plan.cwd);
}

void set_final_capabilities(const ProcessStage& stage) {
  security::apply_after_setuid(stage.plan.capabilities.value_or(security::CapabilityPlan{}));
}

void forbid_new_privileges(const ProcessStage& stage) {
  if (stage.plan.no_new_privileges) security::forbid_new_privileges();
}

void execute_trampoline(const ProcessStage& stage) {
  sys::unblock_signals();
  std::vector<std::string> env = stage.plan.env;
  add_home(stage, env);
  std::vector<const char*> argv{stage.executable.c_str()};
  for (const std::string& argument : stage.plan.args) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  std::vector<const char*> envp;
  for (const std::string& entry : env) envp.push_back(entry.c_str());
  envp.push_back(nullptr);

  process::mark_others_close_on_exec(3 + stage.plan.preserve_fds, stage.proc);
  for (const sys::BorrowedFd fd : stage.kept) sys::keep_across_exec(fd).or_throw("keep a descriptor for the trampoline");
  // A process that may not read what it executes stays non-dumpable; root could read it by these two capabilities alone. The
  // next execve, of the payload, computes the sets anew.
  sys::CapabilitySets sets = sys::get_capabilities().or_throw("read capabilities");
  sets.effective &= ~((1ULL << CAP_DAC_OVERRIDE) | (1ULL << CAP_DAC_READ_SEARCH));
  sys::set_capabilities(sets).or_throw("set capabilities");
  sys::execute_fd(stage.trampoline, argv.data(), envp.data()).or_throw("execute the trampoline");
}

}  // namespace caisson::launch
