// Namespaces kept by a process that does nothing but hold descriptors of them: for users who may not mount, and for what cannot
// be mounted. One record for each, <state root>/.holds/NAME. The holder has the record open and locked as long as it lives, so
// a record that nobody has locked is a stale one, whatever runs under its pid by now.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ns/kinds.hpp"
#include "state/identity.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

inline constexpr const char* kHoldsFolder = ".holds";

struct HeldNamespace {
  ns::Type type = ns::Type::User;
  std::uint64_t inode = 0;
  std::int32_t descriptor = -1;  // its number in the holder
  bool operator==(const HeldNamespace&) const = default;
};

struct Hold {
  std::string name;                 // of the record; not in its text
  state::Identity holder;           // as seen from the pid namespace below
  std::uint64_t pid_namespace = 0;  // inode of the one that the record was made in
  std::vector<HeldNamespace> namespaces;

  const HeldNamespace* find(ns::Type type) const noexcept;
};

std::string to_json(const Hold& hold);
// Throws Error{State} naming what is wrong.
Hold parse_hold(std::string_view json);

// By name. Stale records, and what is no record, are left out.
std::vector<Hold> list_holds(const std::string& state_root);

// The holder, if it is alive and can be named from the caller's pid namespace. Throws Error{Host} otherwise.
sys::Pidfd open_holder(const Hold& hold);
// Throws Error{Host} when the holder is gone.
sys::NamespaceFd open_held(const Hold& hold, const HeldNamespace& held);

// The inode of the caller's pid namespace.
std::uint64_t own_pid_namespace();

}  // namespace caisson::inspect
