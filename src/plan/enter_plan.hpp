// What nsenter is to do, as a plain value: which namespaces are entered and where each comes from, who the program runs as,
// where it stands, and what it is. launch/enter.hpp does it. man 1 caisson-nsenter, man 2 setns.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ns/kinds.hpp"

namespace caisson::plan {

struct NamespaceSource {
  enum class From : std::uint8_t { Nowhere, Target, Path, Id };
  From from = From::Nowhere;
  std::string path;      // Path: a file of nsfs
  std::uint64_t id = 0;  // Id: NS_GET_ID; opened by whoever executes the plan
};

// A user or group id inside.
struct IdChoice {
  enum class How : std::uint8_t { Unsaid, Number, OfTarget };
  How how = How::Unsaid;
  std::uint32_t number = 0;
};

struct DirectoryChoice {
  bool wanted = false;
  std::string path;  // as the caller sees it; empty: that of the target
};

// A user namespace may forbid setgroups(2); an ordinary user who enters one cannot drop his groups then.
enum class WhenGroupsStay : std::uint8_t { Fail, GoOn };

struct EnterPlan {
  std::optional<pid_t> target;
  std::uint64_t target_inode = 0;                            // that its pidfd must have; 0: any
  bool all = false;                                          // every kind of the target that has no other source
  std::array<NamespaceSource, ns::kKinds.size()> sources{};  // by ns::Type
  std::optional<int> net_socket;                             // descriptor of the target whose network is entered
  bool user_parent = false;                                  // the parent of the user namespace instead of that one

  IdChoice uid, gid;
  bool preserve_credentials = false, keep_capabilities = false;
  WhenGroupsStay when_groups_stay = WhenGroupsStay::Fail;

  DirectoryChoice root, directory;
  std::string inner_directory;  // opened inside; empty: none
  bool environment = false;     // the target's
  bool fork = true;             // where a pid namespace is entered
  bool join_cgroup = false;
  bool follow_context = false;       // SELinux context of the target
  std::vector<std::string> command;  // empty: a shell

  NamespaceSource& source(ns::Type type) { return sources[static_cast<std::size_t>(type)]; }
  const NamespaceSource& source(ns::Type type) const { return sources[static_cast<std::size_t>(type)]; }
};

}  // namespace caisson::plan
