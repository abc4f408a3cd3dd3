// What every command of the container life cycle is told besides its own request: where state lives, who drives the cgroups,
// and where warnings go. Filled once from the command line; the commands only read it.
#pragma once

#include <string>

#include "base/log.hpp"
#include "cgroup/plan.hpp"

namespace caisson::lifecycle {

struct Context {
  std::string state_root;    // absolute; one directory per container below it
  std::string program_name;  // "caisson-oci": prefix of messages and name in records
  // For create and run; the record remembers it, later commands never derive it from a flag again.
  cgroup::Driver cgroup_manager = cgroup::Driver::Cgroupfs;
  bool explain = false;    // print each step with its time as it happens
  std::string trace_file;  // absolute; empty: no trace
  LogSink* log = nullptr;  // never null in a running command
};

}  // namespace caisson::lifecycle
