// The container life cycle, one function per command of the OCI command line. Each throws Error on failure and leaves nothing
// half done: a failed create can be repeated, a failed delete can be repeated. No function prints to stdout; they return
// values.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "lifecycle/context.hpp"
#include "lifecycle/sub_cgroup.hpp"
#include "spec/spec.hpp"
#include "spec/state.hpp"

namespace caisson::lifecycle {

// Paths are absolute and were resolved before anything changed the working directory.
struct CreateRequest {
  std::string id;
  std::string bundle;
  std::string config_path;  // empty: bundle/config.json
  std::string console_socket, pid_file, pidfd_socket;
  bool no_pivot = false, no_new_keyring = false;
  bool detach = false, keep = false, no_subreaper = false;  // run only
  unsigned preserve_fds = 0;
};

struct ExecRequest {
  std::string id;
  spec::Process process;  // finished, unless the next one is there
  // Makes the process of the one in the container's configuration as it was at create: `exec` in its argv form.
  std::function<spec::Process(spec::Process&& configured)> of_configured;
  std::string console_socket, pid_file, pidfd_socket;
  bool detach = false, ignore_paused = false;
  unsigned preserve_fds = 0;
  std::vector<SubCgroup> cgroups;
};

struct KillRequest {
  std::string id;
  int signal = 15;
  bool all = false;
};

struct DeleteRequest {
  std::string id;
  bool force = false;
};

// One entry of `list`: the state with its owner's name, or why it cannot be read.
struct ListEntry {
  spec::State state;
  std::string problem;  // not empty: `state` holds the id only
};

void create(const Context& context, const CreateRequest& request);
// The exit status for the caller's own exit; 0 when detached.
int run(const Context& context, const CreateRequest& request);
// The exit status of the process; 0 when detached.
int exec(const Context& context, const ExecRequest& request);
// Every step that would build the container, for people.
std::string plan_text(const Context& context, const CreateRequest& request);

void start(const Context& context, std::string_view id);
void kill(const Context& context, const KillRequest& request);
// `delete` is a word of the language.
void destroy(const Context& context, const DeleteRequest& request);
spec::State state(const Context& context, std::string_view id);
std::vector<ListEntry> list(const Context& context);
// Host pids of every process in the container's cgroup, sub-cgroups included, ascending.
std::vector<pid_t> ps(const Context& context, std::string_view id);

}  // namespace caisson::lifecycle
