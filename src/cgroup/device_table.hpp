// Device access rules in one normal form that v1 and v2 are both made from, so that they cannot disagree. The rules of
// linux.resources.devices apply in order and the last one that matches decides, for each of read, write and mknod alone;
// what no rule names is denied. The default set of every container (standard nodes, ptys, mknod) is appended.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::cgroup {

// BPF_DEVCG_ACC_* of linux/bpf.h.
inline constexpr std::uint8_t kAccessMknod = 1, kAccessRead = 2, kAccessWrite = 4, kAccessAll = 7;

inline constexpr std::uint32_t kAnyNumber = 0xffffffff;

struct DeviceBox {
  std::uint32_t major = kAnyNumber, minor = kAnyNumber;
  std::uint8_t access = 0;  // what is allowed to a device for which this box is the closest one
};

// One list per device type. The closest box decides: major and minor, else major, else minor, else the first box, which is
// always there and matches any device. No box repeats what the next closest one says.
struct DeviceTable {
  std::vector<DeviceBox> characters, blocks;
  std::uint8_t allowed(spec::DeviceType type, std::uint32_t major, std::uint32_t minor) const noexcept;
  bool allows_everything() const noexcept;
};

// Throws Error(Spec) naming linux.resources.devices[i] for a rule that cannot be meant (unknown access letter, number out of
// range, fifo).
DeviceTable make_device_table(std::span<const spec::DeviceRule> rules);
// The rules that every container gets after its own.
std::span<const spec::DeviceRule> default_device_rules();

// The writes that give a fresh v1 devices cgroup this table: first a "deny" or "allow" of everything, then the exceptions.
// Throws Error(Host) for a table that v1 cannot express (a hole in a wildcard).
struct DeviceWrite {
  bool allow = false;  // devices.allow, else devices.deny
  std::string line;    // "c 1:3 rwm"
};
std::vector<DeviceWrite> v1_device_writes(const DeviceTable& table);

}  // namespace caisson::cgroup
