// User and group id maps of a new user namespace: finished texts, and writing them from outside. man 7 user_namespaces.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "spec/spec.hpp"
#include "sys/fd.hpp"

namespace caisson::ns {

// How the maps get into the kernel. A privileged parent writes them; an ordinary user may write a single line for itself, with
// setgroups(2) denied (CVE-2014-8989); ranges of /etc/subuid go through the setuid programs of the uidmap package.
enum class MapMethod : unsigned char { Write, WriteAndDenySetgroups, Programs };

struct IdMapPlan {
  MapMethod method = MapMethod::Write;
  std::vector<spec::IdMapping> uids, gids;
  std::string newuidmap, newgidmap;  // absolute paths, for MapMethod::Programs

  bool empty() const noexcept { return uids.empty() && gids.empty(); }
};

struct MapWriter {
  uid_t uid;
  gid_t gid;
  bool privileged;  // CAP_SETUID and CAP_SETGID where the maps point to
  std::string newuidmap, newgidmap;
};

// Chooses the method; throws Error{Host} when ranges are wanted and the programs for them are not installed.
IdMapPlan plan_id_maps(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids,
                       const MapWriter& writer);

// The text of one map file: "inside outside count" lines.
std::string map_text(const std::vector<spec::IdMapping>& map);

// Writes both maps of the process; proc is a procfs root of the caller's pid namespace.
void write_maps(const IdMapPlan& plan, sys::BorrowedFd proc, pid_t process);

}  // namespace caisson::ns
