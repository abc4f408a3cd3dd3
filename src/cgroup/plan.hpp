// Where the cgroups of a container will be and what will be written there: a value made by a pure function from cgroupsPath,
// the container id and the facts of the machine. Nothing is touched here; guard.hpp does it.
//   absolute path: below the mount point of every hierarchy
//   relative path: below the parent of the runtime's own cgroup on v2 (whose own cgroup holds processes and so cannot have
//                  children with controllers), below its own cgroup on v1
//   empty path:    as the relative path ID
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cgroup/device_table.hpp"
#include "cgroup/facts.hpp"
#include "cgroup/place.hpp"
#include "spec/spec.hpp"
#include "sys/bpf.hpp"

namespace caisson::cgroup {

enum class Driver : std::uint8_t { Cgroupfs, Systemd, Disabled };
enum class Privilege : std::uint8_t {
  Full,
  Rootless,  // an ordinary user or root of a user namespace: permission errors are ignored where nothing was asked for
};

struct CgroupWish {
  std::string_view cgroups_path;  // linux.cgroupsPath
  std::string_view container_id;
  Driver driver = Driver::Cgroupfs;
  Privilege privilege = Privilege::Full;
  std::span<const spec::DeviceRule> device_rules;  // linux.resources.devices
};

struct CgroupPlan {
  Mode mode = Mode::None;
  std::optional<Place> v2;
  std::vector<Place> v1;
  // Rootless and no cgroupsPath: a hierarchy that may not be written is left out instead of being an error.
  bool ignore_denied = false;
  // The same for device rules, which need a privilege that no user namespace gives: ignored for every rootless container.
  bool ignore_denied_devices = false;
  // Exactly one of the two is filled when access to devices is limited: writes when v1 has the devices controller.
  std::vector<sys::BpfInstruction> device_program;
  std::vector<DeviceWrite> device_writes;

  bool empty() const noexcept { return !v2 && v1.empty(); }
  std::vector<Place> places() const;  // v2 first
};

CgroupPlan plan_cgroup(const CgroupWish& wish, const CgroupFacts& facts);

}  // namespace caisson::cgroup
