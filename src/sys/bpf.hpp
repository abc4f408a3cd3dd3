// The bpf(2) system call, as far as device programs of cgroup v2 need it. The attribute union is always passed zeroed, longer
// than any kernel's, with room behind it: Linux 6.17 to 7.1 may write past the size that a caller states.
#pragma once

#include <cstdint>
#include <span>

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

struct BpfInstruction {  // struct bpf_insn of linux/bpf.h
  std::uint8_t code = 0;
  std::uint8_t registers = 0;  // destination in the low four bits, source in the high four
  std::int16_t offset = 0;
  std::int32_t immediate = 0;
  bool operator==(const BpfInstruction&) const = default;
};

// BPF_PROG_LOAD of type BPF_PROG_TYPE_CGROUP_DEVICE; EPERM without CAP_BPF and CAP_NET_ADMIN (or CAP_SYS_ADMIN).
SysResult<UniqueFd> load_device_program(std::span<const BpfInstruction> program) noexcept;
// BPF_PROG_ATTACH with BPF_F_ALLOW_MULTI. The program lives as long as the cgroup does.
SysStatus attach_device_program(BorrowedFd cgroup, BorrowedFd program) noexcept;

}  // namespace caisson::sys
