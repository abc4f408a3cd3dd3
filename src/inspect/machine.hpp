// Every namespace on the machine that the caller may see, and what keeps each of them alive. One scan of /proc, of descriptors,
// sockets and mounts, as plain values; listings, trees, comparisons and pictures are made from it without another look.
// man 7 namespaces, man 2 ioctl_nsfs.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

inline constexpr std::uint64_t kUnknown = 0;  // where the kernel, or the caller's rights, give no number

using NamespaceInodes = std::array<std::uint64_t, ns::kKinds.size()>;  // by ns::Type; kUnknown: may not be read

struct Process {
  pid_t pid = 0, parent = 0;
  uid_t uid = 0;                 // effective
  std::uint64_t start_time = 0;  // clock ticks since boot; ScanScope::start_times
  std::string command;           // the command line with blanks; the bare name where there is none (kernel threads, zombies)
  std::string container;         // "caisson:web", "docker:4f1e...", "podman:...", "kubernetes:POD/..."; empty: in none
  NamespaceInodes namespaces{};
};

// What keeps a namespace alive, besides its processes.
enum class HeldBy : std::uint8_t {
  Thread,          // a thread whose namespace is not that of its process
  Descriptor,      // an open file of nsfs
  Socket,          // a socket that lives in another network namespace than its process
  Mount,           // a bind mount of nsfs, in this or in another mount namespace
  Children,        // it is the parent or the owner of a namespace that is listed: nothing else holds it
  FutureChildren,  // pid_for_children or time_for_children of a process that is elsewhere itself
};

struct Holder {
  HeldBy how = HeldBy::Descriptor;
  pid_t pid = 0;                      // Thread: the process. Descriptor, Socket: whose. Mount: a process that sees it
  pid_t thread = 0;                   // Thread only
  int descriptor = -1;                // Descriptor, Socket
  std::string path;                   // Mount: as seen in its mount namespace
  std::uint64_t mount_namespace = 0;  // Mount: the inode of the mount namespace it is in; 0: the caller's own
};

// Without members and holders it is kept by something out of sight: a descriptor on its way through a socket, a process that
// the caller may not look at.
struct NamespaceEntry {
  ns::Type type = ns::Type::User;
  std::uint64_t inode = 0;           // what /proc/PID/ns shows
  std::uint64_t id = kUnknown;       // NS_GET_ID, never reused; kUnknown where the kernel has none
  std::uint64_t parent = kUnknown;   // inode; user and pid only
  std::uint64_t owner = kUnknown;    // inode of the user namespace that owns it
  std::optional<uid_t> owner_uid;    // NS_GET_OWNER_UID of a user namespace, else of its owner
  std::vector<std::size_t> members;  // Machine::processes, by rising pid
  std::vector<Holder> holders;
  std::vector<std::string> names;  // pins, `ip netns` names, containers: "pin:lab", "netns:blue", "docker:4f1e..."
};

struct Machine {
  std::vector<Process> processes;          // by rising pid
  std::vector<NamespaceEntry> namespaces;  // by kind as in ns::kKinds, then by inode
  std::size_t unreadable = 0;              // processes whose namespaces the caller may not read

  // nullptr: not there.
  const NamespaceEntry* find(ns::Type type, std::uint64_t inode) const noexcept;
  const Process* process(pid_t pid) const noexcept;
};

// What to look into besides /proc/PID/ns; each costs.
struct ScanScope {
  bool threads = false;
  bool descriptors = false;       // and sockets
  bool mounts = false;            // of the caller's mount namespace
  bool other_mounts = false;      // of every other one; finds mount namespaces too that nothing else shows
  bool future_children = false;   // pid_for_children, time_for_children
  bool relations = false;         // parents and owners, ids
  bool orphan_relations = false;  // the same, only of namespaces that no process is in
  bool names = false;             // pins, ip netns, containers
  bool commands = true;           // command lines of processes
  bool start_times = false;
  bool identities = true;        // parents and users of processes; without, identify_first_processes reads some of them
  std::optional<ns::Type> only;  // one kind
  std::string state_root;        // for names: where pins and records of caisson's containers are; empty: nowhere

  static ScanScope everything();
};

// Processes that end meanwhile are left out; what may not be read is counted. Throws Error when /proc itself cannot be read.
Machine scan(const ScanScope& scope);

// Parent and user of the first process of each namespace, for who shows no other.
void identify_first_processes(Machine& machine);

// The namespace itself, by its members and holders. Not valid when none of them leads to it: it is gone meanwhile, or out of
// reach.
sys::NamespaceFd open_entry(const Machine& machine, const NamespaceEntry& entry);

}  // namespace caisson::inspect
