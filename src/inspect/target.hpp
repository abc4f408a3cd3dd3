// What a user may write where a command wants a process, a container or a namespace:
//   PID              a process
//   container:NAME   a container of caisson (its first process), by name, id or the beginning of an id; a bare NAME when
//   nothing
//                    else has that name
//   KIND:NAME        a pin of that kind ("net:blue" is also one of `ip netns`); a bare NAME when only one pin has it
//   PATH             a namespace file: /run/netns/blue, /proc/7/ns/net (anything with a slash)
//   KIND:[INODE]     as /proc shows it; held by any process that the caller may see
//   :ID              a namespace by its 64-bit id (NS_GET_ID; nsfs file handles, Linux 6.18)
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ns/kinds.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

// A process, or one namespace.
struct Target {
  std::string name;              // as the user wrote it, for messages
  pid_t pid = 0;                 // of the process; 0: a namespace alone
  sys::Pidfd process;            // opened before anything was read of it
  std::string container;         // its container's id, when it was named so
  std::optional<ns::Type> type;  // of the namespace alone
  sys::NamespaceFd fd;
};

// Where containers are looked for.
struct Places {
  std::string state_root;  // the records of all that run, by id (state/store.hpp); pins and holds are below it, too
  std::string store = {};  // of those with a name (life/store.hpp); empty: none
};

// Throws Error{Usage} for words that are no target, Error{Host} for one that is not there, naming what was looked for and
// where, with the nearest known name as its hint.
Target resolve_target(std::string_view word, const Places& places);

// The namespace of that kind of a target: its own descriptor, or that of its process. Error{Host} when a namespace target is of
// another kind.
sys::NamespaceFd open_namespace(const Target& target, ns::Type type);

}  // namespace caisson::inspect
