// The container's /dev: default nodes, the config's own, links, ptmx. Everything is made relative to one descriptor of /dev
// opened inside the root, so that an image whose /dev is a link cannot reach the host's (CVE-2026-41579, CVE-2026-47766).
// With a user namespace nodes cannot be made: the host's, verified by type and number, are bound instead.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "spec/spec.hpp"
#include "sys/fd.hpp"
#include "sys/root_dir.hpp"

namespace caisson::mount {

struct DeviceNode {
  std::string path;          // "/dev/null", clean and absolute
  std::uint32_t mode = 0;    // type and permissions
  std::uint64_t number = 0;  // 0 for a fifo
  std::uint32_t uid = 0, gid = 0;
};

struct DeviceContext {
  bool user_namespace = false;
  bool kcore = false;         // /proc/kcore exists
  bool dev_is_bound = false;  // the config binds /dev: nothing is made
  bool dev_is_new = false;    // a filesystem of this container, which nobody else can have reached
};

struct DevicePlan {
  bool skip = false;
  bool by_bind = false;
  bool dev_is_new = false;
  std::vector<DeviceNode> nodes;
  std::vector<std::pair<std::string, std::string>> links;  // {name below /dev, target}
};

// null zero full tty random urandom, 0666.
std::span<const DeviceNode> default_devices();
// A config device replaces the default with its path. Throws ErrorKind::Spec for a bad one.
DevicePlan plan_devices(std::span<const spec::Device> devices, const DeviceContext& context);
// Whether the config's mounts put a bind on /dev.
bool binds_dev(std::span<const spec::Mount> mounts);

// by_bind: the host's nodes as detached copies, in plan order; in the parent or the child under open_source's rules.
// Fifos need no host node: their place holds an invalid descriptor.
std::vector<sys::MountFd> open_host_nodes(const DevicePlan& plan);
// After the mounts, before the root is left. prepared: from open_host_nodes, or empty (then opened here if by_bind).
// Gives back /dev/null, open for reading and writing, when it was made now on a new /dev: nothing else can be there.
sys::UniqueFd make_devices(const DevicePlan& plan, const sys::RootDir& root, std::vector<sys::MountFd> prepared = {});

}  // namespace caisson::mount
