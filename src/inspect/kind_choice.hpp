// Which namespaces of a target get a name: the kinds of --kind, or all that this kernel has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/target.hpp"
#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

struct KindChoice {
  bool all = false;
  std::vector<ns::Type> types;  // without repetition; empty and not all: no choice was made
};
// "net", "mnt", "all"; throws Error{Usage}.
KindChoice parse_kinds(const std::vector<std::string_view>& words);

struct ChosenNamespace {
  ns::Type type = ns::Type::User;
  std::uint64_t inode = 0;
  sys::NamespaceFd fd;
};
// Of a namespace target: itself, when nothing else was chosen. Of a process: what was chosen. Throws Error{Usage} when that is
// nothing, Error{Host} for a namespace that cannot be opened, and for a pid namespace whose first process has ended: nothing
// can ever run in it again.
std::vector<ChosenNamespace> open_chosen(const Target& target, const KindChoice& choice);

// "net:lab", "uts:lab": for messages.
std::string kind_and_name(ns::Type type, std::string_view name);

}  // namespace caisson::inspect
