// Where a process stands in each cgroup hierarchy, what limits it there and how much is used. Limits of version 2 are also
// looked for in the groups above: the tightest one counts. man 7 cgroups; Documentation/admin-guide/cgroup-v2.rst.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cgroup/facts.hpp"
#include "inspect/fact.hpp"

namespace caisson::inspect {

struct CgroupFigure {
  std::string file;      // "memory.max"
  std::string meaning;   // "memory limit"
  std::string value;     // as in the file, without the line break
  std::string in_words;  // "512 MiB", "unlimited", "0.5 CPUs"
  bool is_limit = false;
  std::string above;  // of a limit: a group above with a tighter one ("/user.slice: 1 GiB"); empty: this one counts
};

struct CgroupSeen {
  std::string controllers;  // "memory", "name=systemd"; empty: version 2
  std::string path;         // as in /proc/PID/cgroup, seen from the caller's cgroup namespace
  std::string directory;    // where the caller finds it; empty: nowhere
  Fact<std::vector<CgroupFigure>> figures;
};

// proc_cgroup: /proc/PID/cgroup. Reads what `here` says is mounted.
std::vector<CgroupSeen> read_cgroups(std::string_view proc_cgroup, const cgroup::CgroupFacts& here);

// Pure. "1.5 GiB"; "unlimited" for "max" and for what version 1 writes instead.
std::string bytes_in_words(std::string_view value);
// "50000 100000" -> "0.5 CPUs".
std::string cpu_quota_in_words(std::string_view value);

}  // namespace caisson::inspect
