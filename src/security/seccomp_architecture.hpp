// The architectures of linux.seccomp.architectures: names, the kernel's AUDIT_ARCH value, word size, byte order, and which
// calls come through a multiplexer (socketcall(2), ipc(2)). x32 has the AUDIT_ARCH of x86_64; bit 30 of the number tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace caisson::security {

// Order: that of the table in seccomp_architecture.cpp.
enum class SeccompArchitecture : std::uint8_t {
  X86,
  X8664,
  X32,
  Arm,
  Aarch64,
  Mips,
  Mips64,
  Mips64n32,
  Mipsel,
  Mipsel64,
  Mipsel64n32,
  Ppc,
  Ppc64,
  Ppc64le,
  S390,
  S390x,
  Parisc,
  Parisc64,
  Riscv64,
  Loongarch64,
  M68k,
  Sh,
  Sheb,
};

enum class WordSize : std::uint8_t { Bits32, Bits64 };  // how many bits of an argument are compared, as libseccomp does
enum class ByteOrder : std::uint8_t { Little, Big };
// The column of the system call table; architectures that differ only in byte order share one.
enum class SyscallColumn : std::uint8_t {
  X86,
  X8664,
  X32,
  Arm,
  Aarch64,
  Mips,
  Mips64,
  Mips64n32,
  Ppc,
  Ppc64,
  S390,
  S390x,
  Parisc,
  Parisc64,
  Riscv64,
  Loongarch64,
  M68k,
  Sh,
};
inline constexpr std::size_t kSyscallColumns = 18;

struct SeccompArchitectureInfo {
  std::string_view name;  // "SCMP_ARCH_X86_64"
  std::uint32_t audit_arch;
  WordSize words;
  ByteOrder order;
  SyscallColumn column;
  std::uint32_t socketcall, ipc;  // numbers of the multiplexers, 0: none
};

std::span<const SeccompArchitectureInfo> seccomp_architectures() noexcept;  // index: SeccompArchitecture
const SeccompArchitectureInfo& info_of(SeccompArchitecture architecture) noexcept;
// Exact name; throws Error{Spec} for an unknown one.
SeccompArchitecture seccomp_architecture(std::string_view name);
SeccompArchitecture native_seccomp_architecture() noexcept;  // what this program is compiled for

inline constexpr std::uint32_t kX32Bit = 0x40000000;

}  // namespace caisson::security
