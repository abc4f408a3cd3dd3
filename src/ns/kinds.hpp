// The eight kinds of namespace: their OCI names, their names in /proc/PID/ns and their clone flags. One table for every
// direction (parser, printer, setns, features). man 7 namespaces.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "spec/spec.hpp"
#include "sys/kernel_abi.hpp"

namespace caisson::ns {

using Type = spec::NamespaceType;

struct Kind {
  Type type;
  std::string_view oci;       // linux.namespaces[].type
  const char* proc;           // /proc/PID/ns/<proc>
  std::uint64_t flag;         // CLONE_NEW*
  std::string_view isolates;  // for people: what is its own in there
};

inline constexpr std::array kKinds{
    Kind{Type::User, "user", "user", 0x10000000, "user and group ids, capabilities"},
    Kind{Type::Pid, "pid", "pid", 0x20000000, "process ids"},
    Kind{Type::Ipc, "ipc", "ipc", 0x08000000, "System V and POSIX message queues, shared memory, semaphores"},
    Kind{Type::Uts, "uts", "uts", 0x04000000, "host name and domain name"},
    Kind{Type::Network, "network", "net", 0x40000000, "network devices, addresses, routes, ports"},
    Kind{Type::Mount, "mount", "mnt", 0x00020000, "mounts"},
    Kind{Type::Cgroup, "cgroup", "cgroup", sys::abi::kCloneNewCgroup, "the visible root of the cgroup tree"},
    Kind{Type::Time, "time", "time", sys::abi::kCloneNewTime, "offsets of the monotonic and boot-time clocks"},
};

constexpr const Kind& kind_of(Type type) { return kKinds[static_cast<std::size_t>(type)]; }
static_assert(std::ranges::all_of(kKinds, [](const Kind& kind) { return &kind_of(kind.type) == &kind; }));

// By OCI name or by the name in /proc ("network" and "net", "mount" and "mnt"); nullptr if there is none.
constexpr const Kind* find_kind(std::string_view name) {
  for (const Kind& kind : kKinds)
    if (kind.oci == name || kind.proc == name) return &kind;
  return nullptr;
}

}  // namespace caisson::ns
