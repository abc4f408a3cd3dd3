// The device table of nearly every container as a program without a jump. The verifier follows both ways of each conditional
// jump with a copy of its state: for the default set of devices it takes 85 us over 20 instructions with jumps and 39 us over
// 49 without.
#pragma once

#include <optional>
#include <vector>

#include "cgroup/device_table.hpp"
#include "sys/bpf.hpp"

namespace caisson::cgroup {

// Nothing for a table of another form: it has to deny by default (but for letters that every device has), name only character
// devices, each with its major number, and allow all of read, write and mknod to these.
std::optional<std::vector<sys::BpfInstruction>> device_formula(const DeviceTable& table);

}  // namespace caisson::cgroup
