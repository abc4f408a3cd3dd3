// --ns KIND=TARGET: one namespace that is entered, or joined, instead of a new one or that of another target.
//   KIND    user, pid, ipc, uts, net, mnt, cgroup, time
//   TARGET  as in target.hpp; a bare NAME is a pin of that kind, else a container
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/target.hpp"
#include "ns/join.hpp"

namespace caisson::inspect {

struct NamespaceChoice {
  ns::Type type = ns::Type::User;
  std::string target;
};
// Throws Error{Usage} for a word without "=", an unknown kind, or nothing behind it.
NamespaceChoice parse_namespace_choice(std::string_view word);

// In the order of the words; a kind that is there twice is an Error{Usage}. Throws what resolve_target throws.
std::vector<ns::OpenNamespace> open_choices(const std::vector<std::string_view>& words, const Places& places);

// Whether setgroups(2) is denied in a user namespace; asked by a short-lived process in it. false where that cannot be known:
// whoever enters it will see why.
bool denies_setgroups(const sys::NamespaceFd& user);

}  // namespace caisson::inspect
