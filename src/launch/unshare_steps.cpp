#include "launch/unshare_steps.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include <cerrno>

#include "launch/program.hpp"
#include "launch/unshare_hints.hpp"
#include "ns/id_map.hpp"
#include "security/capabilities.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/process.hpp"

namespace caisson::launch {
namespace {

using ns::Type;

constexpr unsigned long kKernelFilesystem = MS_NOSUID | MS_NODEV | MS_NOEXEC;
constexpr const char* kBinfmt = "/proc/sys/fs/binfmt_misc";
constexpr const char* kNewuidmap = "newuidmap";
constexpr const char* kNewgidmap = "newgidmap";

[[noreturn]] void fail(const UnshareRequest& request, std::string words, int errno_value,
                       std::string (*hint)(const plan::UnsharePlan&, int)) {
  Error error(ErrorKind::Kernel, std::move(words), errno_value);
  if (request.teller.explains()) error.with_hint(hint(request.plan, errno_value));
  throw error;
}

void write_own_file(const UnshareRequest& request, const char* file, std::string_view text) {
  const auto fail_at = [&](std::string_view doing, int errno_value) {
    Error error(ErrorKind::Kernel, text::join(doing, ' ', file), errno_value);
    if (request.teller.explains()) error.with_hint(map_hint(request.plan, file, errno_value));
    throw error;
  };
  const auto opened = sys::open_at(sys::kCwd, file, O_WRONLY);
  if (!opened.ok()) fail_at("cannot open", opened.err());
  const auto written = sys::write_once(opened.value().borrow(), text);
  if (!written.ok()) fail_at("write failed", written.err());
}

std::string one_line(const ns::SingleId& id) { return text::join(id.inside, ' ', id.outside, " 1"); }

void map_own_ids(const UnshareRequest& request) {
  const plan::UnsharePlan& plan = request.plan;
  if (plan.own_uid) write_own_file(request, "/proc/self/uid_map", one_line(*plan.own_uid));
  // Without privilege outside a group map is taken only once setgroups(2) is denied for good (3.19).
  const bool deny = plan.own_gid || plan.setgroups == plan::Setgroups::Deny;
  if (deny) write_own_file(request, "/proc/self/setgroups", "deny");
  if (plan.own_gid) write_own_file(request, "/proc/self/gid_map", one_line(*plan.own_gid));
  if (plan.setgroups == plan::Setgroups::Allow) write_own_file(request, "/proc/self/setgroups", "allow");
}

void set_propagation(const plan::UnsharePlan& plan) {
  if (!plan.creates(Type::Mount) || plan.propagation == 0) return;
  sys::mount("none", "/", nullptr, plan.propagation, nullptr).or_throw("cannot change root filesystem propagation");
}

void mount_binfmt(const std::string& where) {
  const auto mounted = sys::mount("binfmt_misc", where.c_str(), "binfmt_misc", kKernelFilesystem, nullptr);
  if (mounted.ok()) return;
  throw Error(ErrorKind::Kernel, text::join("mount ", where, " failed"), mounted.err())
      .with_hint(
          "a user namespace can have binfmt_misc of its own from Linux 6.7 on; below /proc that of a new pid namespace has to "
          "be mounted (--pid --fork --mount-proc)");
}

void register_interpreter(const std::string& where, const std::string& definition) {
  const std::string file = where + "/register";
  const auto opened = sys::open_at(sys::kCwd, file.c_str(), O_WRONLY).or_throw("cannot open ", file);
  sys::write_once(opened.borrow(), definition).or_throw("write failed ", file);
}

void enter_root(const plan::UnsharePlan& plan) {
  if (!plan.root.empty()) sys::change_root(plan.root.c_str()).or_throw("cannot change root directory to '", plan.root, "'");
  if (!plan.directory.empty()) sys::change_dir(plan.directory.c_str()).or_throw("cannot change directory to ", plan.directory);
}

void mount_proc(const UnshareRequest& request) {
  const plan::UnsharePlan& plan = request.plan;
  if (plan.proc.empty()) return;
  // What is mounted there would take the new mount to its peers. EINVAL: nothing is mounted there.
  if (plan.root.empty() && plan.propagation != (MS_PRIVATE | MS_REC)) {
    const auto made = sys::mount("none", plan.proc.c_str(), nullptr, MS_PRIVATE | MS_REC, nullptr);
    if (!made.ok() && made.err() != EINVAL)
      throw Error(ErrorKind::Kernel, text::join("cannot change ", plan.proc, " filesystem propagation"), made.err());
  }
  const auto mounted = sys::mount("proc", plan.proc.c_str(), "proc", kKernelFilesystem, nullptr);
  if (!mounted.ok()) fail(request, text::join("mount ", plan.proc, " failed"), mounted.err(), proc_hint);
}

void switch_user(const UnshareRequest& request) {
  const plan::UnsharePlan& plan = request.plan;
  if (plan.gid) {
    if (const auto set = sys::set_groups({}); !set.ok()) fail(request, "setgroups failed", set.err(), setgroups_hint);
    if (const auto set = sys::set_group(*plan.gid); !set.ok()) fail(request, "setgid() failed", set.err(), setgid_hint);
  }
  if (plan.uid)
    if (const auto set = sys::set_user(*plan.uid); !set.ok()) fail(request, "setuid() failed", set.err(), setuid_hint);
}

// newuidmap PID INSIDE OUTSIDE COUNT ...: man 1 newuidmap. It says itself what it refuses.
int run_map_program(const UnshareRequest& request, const char* program, pid_t process,
                    const std::vector<spec::IdMapping>& map) {
  std::vector<std::string> words{program, text::join(process)};
  for (const spec::IdMapping& line : map)
    for (const std::uint32_t number : {line.container_id, line.host_id, line.size}) words.push_back(text::join(number));
  const sys::Cloned child = sys::clone_with_pidfd().or_throw("fork failed");
  if (child.pid == 0) {
    try {
      execute_program(words, request.environment);
    } catch (Error& error) {
      sys::exit_now(request.teller.tell(error.with_hint("install the package uidmap, or map only your own id (-r or -c)")));
    }
  }
  const int status = sys::wait_for(child.process).or_throw("waitpid failed").as_shell();
  const bool refused = status != 0 && status != 127 && request.teller.explains();
  if (refused)
    return request.teller.tell(Error(ErrorKind::Host, text::join(text::join_with(words, " "), " failed with status ", status))
                                   .with_hint(text::join("every range must be part of a line for this user in ",
                                                         program == kNewuidmap ? "/etc/subuid" : "/etc/subgid")));
  return status;
}

void write_map(const UnshareRequest& request, pid_t process, const char* file, const std::vector<spec::IdMapping>& map) {
  if (map.empty()) return;
  const std::string path = text::join("/proc/", process, '/', file);
  const std::string lines = ns::map_text(map);
  if (lines.size() > ns::kMostMapBytes)
    throw Error(ErrorKind::Host, text::join(path, " too large for kernel 4k limit"))
        .with_hint(text::join("the map has ", map.size(), " lines; join neighbouring ranges"));
  const auto opened = sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_NOCTTY).or_throw("failed to open ", path);
  const auto written = sys::write_once(opened.borrow(), lines);
  if (written.ok()) return;
  Error error(ErrorKind::Kernel, text::join("failed to write ", path), written.err());
  if (request.teller.explains()) error.with_hint(map_hint(request.plan, file, written.err()));
  throw error;
}

}  // namespace

void become_program(const UnshareRequest& request) {
  const plan::UnsharePlan& plan = request.plan;
  map_own_ids(request);
  set_propagation(plan);
  // An interpreter with the flag F is opened now, from outside of the new root.
  const bool early = plan.new_root_sees_interpreter_of_old();
  if (early) {
    mount_binfmt(kBinfmt);
    register_interpreter(kBinfmt, *plan.interpreter);
  }
  enter_root(plan);
  mount_proc(request);
  if (!plan.binfmt.empty()) mount_binfmt(plan.binfmt);
  if (plan.interpreter && !early) register_interpreter(plan.binfmt, *plan.interpreter);
  switch_user(request);
  // An execve of a user other than 0 leaves only what is ambient.
  if (plan.keep_capabilities && plan.creates(Type::User)) security::keep_permitted_over_execve();
  std::vector<const char*> kept;
  if (plan.environment == plan::Environment::Listed) {
    kept = listed_variables(request.environment, plan.kept_variables);
    kept.push_back(nullptr);
  }
  const char* const* environment = kept.empty() ? request.environment : kept.data();
  if (plan.command.empty()) execute_shell(environment);
  execute_program(plan.command, environment);
}

int bind_namespace_files(const UnshareRequest& request, pid_t process) noexcept {
  for (const plan::NamespaceFile& file : request.plan.files) {
    const bool of_children = file.type == Type::Pid || file.type == Type::Time;
    const std::string source =
        text::join("/proc/", process, "/ns/", ns::kind_of(file.type).proc, of_children ? "_for_children" : "");
    const auto bound = sys::mount(source.c_str(), file.path.c_str(), nullptr, MS_BIND, nullptr);
    if (bound.ok()) continue;
    Error error(ErrorKind::Kernel, text::join("mount ", source, " on ", file.path, " failed"), bound.err());
    if (request.teller.explains()) error.with_hint(file_hint(request.plan, file, bound.err()));
    return request.teller.tell(error);
  }
  return 0;
}

int write_maps_from_outside(const UnshareRequest& request, pid_t process) noexcept {
  const plan::UnsharePlan& plan = request.plan;
  try {
    if (plan.writes_maps_itself) {
      write_map(request, process, "uid_map", plan.uid_map);
      write_map(request, process, "gid_map", plan.gid_map);
      return 0;
    }
    const int status = plan.uid_map.empty() ? 0 : run_map_program(request, kNewuidmap, process, plan.uid_map);
    if (status != 0 || plan.gid_map.empty()) return status;
    return run_map_program(request, kNewgidmap, process, plan.gid_map);
  } catch (const Error& error) {
    return request.teller.tell(error);
  }
}

}  // namespace caisson::launch
