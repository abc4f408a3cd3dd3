// Names of system calls and their numbers on every architecture seccomp profiles name. Data: no start-up cost, a page is read
// when a profile is compiled. Written by tools/generate_syscall_table.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "security/seccomp_architecture.hpp"

namespace caisson::security {

struct SyscallRow {
  char name[30];
  std::uint16_t numbers[kSyscallColumns];  // kNoSyscall: not on this architecture; see syscall_number for the other encodings
};
inline constexpr std::uint16_t kNoSyscall = 0xffff;
inline constexpr std::uint16_t kArmPrivate = 0xf000;  // 0xf001 stands for 0x0f0001: ARM's breakpoint, cacheflush, set_tls

std::span<const SyscallRow> syscall_rows() noexcept;             // sorted by name (byte order)
const SyscallRow* find_syscall(std::string_view name) noexcept;  // null: no architecture has it
// The number as it stands in seccomp_data.nr: with bit 30 for x32.
std::optional<std::uint32_t> syscall_number(const SyscallRow& row, SeccompArchitecture architecture) noexcept;

}  // namespace caisson::security
