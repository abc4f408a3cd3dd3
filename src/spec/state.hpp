// The state of a container as other programs see it (runtime.md, "State") in the three shapes that runc established: `state`
// prints it, hooks and seccomp agents get it on one line, `list --format json` prints an array.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace caisson::spec {

struct State {
  std::string oci_version;
  std::string id;
  std::string status;    // "creating", "created", "running", "paused", "stopped"
  std::int64_t pid = 0;  // 0 when stopped
  std::string bundle;
  std::string rootfs;
  std::string created;  // RFC 3339
  std::map<std::string, std::string> annotations;
  std::string owner;  // a user name in `list`, empty in `state`
};

// Two-space indent, as `runc state` without the final newline.
std::string write_state(const State& state);
// One line with the members of the runtime specification only: ociVersion, id, status, pid, bundle, annotations. Slashes are
// not escaped and nothing is indented, because hooks are shell scripts at times.
std::string write_hook_state(const State& state);
// "null" for no container.
std::string write_state_list(std::span<const State> states);

// What a seccomp agent gets over linux.seccomp.listenerPath ("containerProcessState" of the runtime specification).
struct ContainerProcessState {
  std::int64_t pid = 0;  // of the process whose filter it is
  std::string metadata;  // linux.seccomp.listenerMetadata
  State state;
};
std::string write_container_process_state(const ContainerProcessState& process);

}  // namespace caisson::spec
