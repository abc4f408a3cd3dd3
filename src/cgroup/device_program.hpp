// A device table as an eBPF program for BPF_CGROUP_DEVICE (cgroup v2). Loading costs time per instruction, so the usual
// tables have a form of their own (device_formula.hpp), and for others the program is kept small: minors of one major become
// one bit mask, what is always allowed is decided first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cgroup/device_table.hpp"
#include "sys/bpf.hpp"
#include "sys/fd.hpp"

namespace caisson::cgroup {

// Empty when the table allows everything: nothing needs to be loaded.
std::vector<sys::BpfInstruction> device_program(const DeviceTable& table);

}  // namespace caisson::cgroup
