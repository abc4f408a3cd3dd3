// What every command of the container life cycle is told besides its own request: where state lives, who drives the cgroups,
// and where warnings go. Filled once from the command line; the commands only read it.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.hpp"

namespace caisson::lifecycle {

// The driver chosen at create; it is remembered in the record, later commands never derive it from a flag again.
enum class CgroupManager : std::uint8_t { Cgroupfs, Systemd, Disabled };

struct Context {
  std::string state_root;    // absolute; one directory per container below it
  std::string program_name;  // "caisson-oci": prefix of messages and name in records
  CgroupManager cgroup_manager = CgroupManager::Cgroupfs;
  bool explain = false;    // print each step with its time as it happens
  std::string trace_file;  // absolute; empty: no trace
  LogSink* log = nullptr;  // never null in a running command
};

}  // namespace caisson::lifecycle
