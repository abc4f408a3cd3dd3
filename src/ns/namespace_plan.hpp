// What is to happen with each kind of namespace: a new one, one joined by path, or the caller's. Pure values and checks;
// the actions are join.hpp and launch/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ns/kinds.hpp"
#include "spec/spec.hpp"

namespace caisson::ns {

// The kinds that a process can only be born into.
inline constexpr std::uint64_t kMadeByClone = kind_of(Type::User).flag | kind_of(Type::Pid).flag;

struct Join {
  Type type;
  std::string path;
};

struct NamespacePlan {
  std::uint64_t created = 0;  // CLONE_NEW* of the new ones
  std::vector<Join> joined;   // in the order in which they are entered: user first
  std::string time_offsets;   // text for /proc/self/timens_offsets; empty: none

  bool creates(Type type) const noexcept { return (created & kind_of(type).flag) != 0; }
  bool joins(Type type) const noexcept;
  bool own(Type type) const noexcept { return creates(type) || joins(type); }
  // Whether a helper process between the runtime and PID 1 is needed: when a user or pid namespace is joined, or a time
  // namespace is made, the final clone has to come from a process that already stands in it. So it has where namespaces are
  // joined that may belong to the user namespace around a new one: they are entered from there.
  bool needs_stage() const noexcept {
    return joins(Type::User) || joins(Type::Pid) || creates(Type::Time) || (creates(Type::User) && !joined.empty());
  }
};

NamespacePlan plan_namespaces(const std::vector<spec::Namespace>& wanted,
                              const std::map<std::string, spec::TimeOffset>& offsets);

}  // namespace caisson::ns
