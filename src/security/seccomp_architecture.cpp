#include "security/seccomp_architecture.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::security {

namespace {

// linux/audit.h: ELF machine number, with a bit each for 64-bit, little-endian and the n32 convention. Written out, since
// older headers lack some.
constexpr std::uint32_t k64 = 0x80000000, kLittle = 0x40000000, kN32 = 0x20000000;

using enum WordSize;
using enum ByteOrder;
using C = SyscallColumn;

constexpr std::array<SeccompArchitectureInfo, 23> kArchitectures = {{
    {"SCMP_ARCH_X86", 3 | kLittle, Bits32, Little, C::X86, 102, 117},
    {"SCMP_ARCH_X86_64", 62 | k64 | kLittle, Bits64, Little, C::X8664, 0, 0},
    {"SCMP_ARCH_X32", 62 | k64 | kLittle, Bits32, Little, C::X32, 0, 0},
    {"SCMP_ARCH_ARM", 40 | kLittle, Bits32, Little, C::Arm, 0, 0},
    {"SCMP_ARCH_AARCH64", 183 | k64 | kLittle, Bits64, Little, C::Aarch64, 0, 0},
    {"SCMP_ARCH_MIPS", 8, Bits32, Big, C::Mips, 4102, 4117},
    {"SCMP_ARCH_MIPS64", 8 | k64, Bits64, Big, C::Mips64, 0, 0},
    {"SCMP_ARCH_MIPS64N32", 8 | k64 | kN32, Bits32, Big, C::Mips64n32, 0, 0},
    {"SCMP_ARCH_MIPSEL", 8 | kLittle, Bits32, Little, C::Mips, 4102, 4117},
    {"SCMP_ARCH_MIPSEL64", 8 | k64 | kLittle, Bits64, Little, C::Mips64, 0, 0},
    {"SCMP_ARCH_MIPSEL64N32", 8 | k64 | kLittle | kN32, Bits32, Little, C::Mips64n32, 0, 0},
    {"SCMP_ARCH_PPC", 20, Bits32, Big, C::Ppc, 102, 117},
    {"SCMP_ARCH_PPC64", 21 | k64, Bits64, Big, C::Ppc64, 102, 117},
    {"SCMP_ARCH_PPC64LE", 21 | k64 | kLittle, Bits64, Little, C::Ppc64, 102, 117},
    {"SCMP_ARCH_S390", 22, Bits32, Big, C::S390, 102, 117},
    {"SCMP_ARCH_S390X", 22 | k64, Bits64, Big, C::S390x, 102, 117},
    {"SCMP_ARCH_PARISC", 15, Bits32, Big, C::Parisc, 0, 0},
    {"SCMP_ARCH_PARISC64", 15 | k64, Bits64, Big, C::Parisc64, 0, 0},
    {"SCMP_ARCH_RISCV64", 243 | k64 | kLittle, Bits64, Little, C::Riscv64, 0, 0},
    {"SCMP_ARCH_LOONGARCH64", 258 | k64 | kLittle, Bits64, Little, C::Loongarch64, 0, 0},
    {"SCMP_ARCH_M68K", 4, Bits32, Big, C::M68k, 102, 117},
    {"SCMP_ARCH_SH", 42 | kLittle, Bits32, Little, C::Sh, 102, 117},
    {"SCMP_ARCH_SHEB", 42, Bits32, Big, C::Sh, 102, 117},
}};
static_assert(kArchitectures[static_cast<std::size_t>(SeccompArchitecture::Sheb)].name == "SCMP_ARCH_SHEB");
static_assert(kArchitectures[static_cast<std::size_t>(SeccompArchitecture::Riscv64)].name == "SCMP_ARCH_RISCV64");
static_assert(kArchitectures[static_cast<std::size_t>(SeccompArchitecture::Ppc)].name == "SCMP_ARCH_PPC");

}  // namespace

std::span<const SeccompArchitectureInfo> seccomp_architectures() noexcept { return kArchitectures; }

const SeccompArchitectureInfo& info_of(SeccompArchitecture architecture) noexcept {
  return kArchitectures[static_cast<std::size_t>(architecture)];
}

SeccompArchitecture seccomp_architecture(std::string_view name) {
  for (std::size_t i = 0; i < kArchitectures.size(); ++i)
    if (kArchitectures[i].name == name) return static_cast<SeccompArchitecture>(i);
  throw Error(ErrorKind::Spec, text::join("linux.seccomp.architectures: unknown architecture ", text::quoted(name)))
      .with_hint("architectures are written like SCMP_ARCH_X86_64; `caisson-oci features` lists them");
}

SeccompArchitecture native_seccomp_architecture() noexcept {
#if defined(__x86_64__)
  return SeccompArchitecture::X8664;
#elif defined(__aarch64__)
  return SeccompArchitecture::Aarch64;
#else
#error "caisson: name the seccomp architecture of this machine here"
#endif
}

}  // namespace caisson::security
