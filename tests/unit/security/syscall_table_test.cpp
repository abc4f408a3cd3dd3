#include "security/syscall_table.hpp"

#include <gtest/gtest.h>
#include <seccomp.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "unit/security/libseccomp_oracle.hpp"

namespace caisson::security::test {
namespace {

TEST(SyscallTable, IsSortedByNameWithoutRepeats) {
  const std::span<const SyscallRow> rows = syscall_rows();
  EXPECT_GT(rows.size(), 450u);
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(std::string(rows[i - 1].name), std::string(rows[i].name));
}

TEST(SyscallTable, FindsEveryNameAndNothingElse) {
  for (const SyscallRow& row : syscall_rows()) EXPECT_EQ(find_syscall(row.name), &row);
  for (const char* absent : {"", "a", "zzz", "rea", "reads", "socket\x01"}) EXPECT_EQ(find_syscall(absent), nullptr) << absent;
}

// libseccomp gives a negative stand-in for calls behind socketcall(2) and ipc(2) although they have a number, too.
bool is_multiplexed(int theirs) { return theirs <= -100 && theirs >= -224; }

TEST(SyscallTable, HasTheNumbersOfTheInstalledLibseccomp) {
  unsigned compared = 0;
  for (std::size_t i = 0; i < seccomp_architectures().size(); ++i) {
    const SeccompArchitecture architecture = static_cast<SeccompArchitecture>(i);
    const std::optional<std::uint32_t> token = libseccomp_token(architecture);
    if (!token) continue;
    for (const SyscallRow& row : syscall_rows()) {
      if (!libseccomp_knows(row.name)) continue;
      const int theirs = libseccomp_number(*token, row.name);
      const std::optional<std::uint32_t> ours = syscall_number(row, architecture);
      ++compared;
      if (theirs >= 0)
        EXPECT_EQ(ours, static_cast<std::uint32_t>(theirs)) << row.name << " on " << info_of(architecture).name;
      else if (!is_multiplexed(theirs))
        EXPECT_FALSE(ours) << row.name << " on " << info_of(architecture).name;
    }
  }
  EXPECT_GT(compared, 8000u);
}

TEST(SyscallTable, HasEveryCallOfTheInstalledLibseccomp) {
  for (std::size_t i = 0; i < seccomp_architectures().size(); ++i) {
    const SeccompArchitecture architecture = static_cast<SeccompArchitecture>(i);
    const std::optional<std::uint32_t> token = libseccomp_token(architecture);
    if (!token) continue;
    const std::uint32_t first = info_of(architecture).column == SyscallColumn::Mips ? 4000 : 0;  // o32 also answers to 0..
    for (std::uint32_t number = first; number < 7000; ++number) {
      char* name = seccomp_syscall_resolve_num_arch(*token, static_cast<int>(number));
      if (name == nullptr) continue;
      const SyscallRow* row = find_syscall(name);
      EXPECT_NE(row, nullptr) << name;
      if (row != nullptr && info_of(architecture).column == SyscallColumn::X86)
        EXPECT_EQ(syscall_number(*row, architecture), number) << name;
      std::free(name);
    }
  }
}

TEST(SyscallTable, KnowsCallsNewerThanLibseccomp) {
  EXPECT_EQ(syscall_number(*find_syscall("mseal"), SeccompArchitecture::X8664), 462u);
  EXPECT_EQ(syscall_number(*find_syscall("mseal"), SeccompArchitecture::X32), 462u | kX32Bit);
  EXPECT_EQ(syscall_number(*find_syscall("open_tree_attr"), SeccompArchitecture::Mips), 4467u);
  EXPECT_EQ(syscall_number(*find_syscall("uretprobe"), SeccompArchitecture::X8664), 335u);
  EXPECT_FALSE(syscall_number(*find_syscall("uretprobe"), SeccompArchitecture::X32));
}

TEST(SyscallTable, KnowsArchitecturesThatLibseccompDoesNot) {
  EXPECT_EQ(syscall_number(*find_syscall("openat"), SeccompArchitecture::Loongarch64), 56u);
  EXPECT_EQ(syscall_number(*find_syscall("newfstatat"), SeccompArchitecture::Loongarch64), 79u);
  EXPECT_FALSE(syscall_number(*find_syscall("open"), SeccompArchitecture::Loongarch64));
  EXPECT_EQ(syscall_number(*find_syscall("openat"), SeccompArchitecture::M68k), 288u);
  EXPECT_EQ(syscall_number(*find_syscall("openat"), SeccompArchitecture::Sh), 295u);
  EXPECT_EQ(syscall_number(*find_syscall("openat"), SeccompArchitecture::Sheb), 295u);
}

TEST(SyscallTable, GivesArmsPrivateCallsTheirNumbers) {
  EXPECT_EQ(syscall_number(*find_syscall("breakpoint"), SeccompArchitecture::Arm), 0x0f0001u);
  EXPECT_EQ(syscall_number(*find_syscall("set_tls"), SeccompArchitecture::Arm), 0x0f0005u);
}

TEST(SeccompArchitectures, HaveTheTokensOfLibseccomp) {
  for (std::size_t i = 0; i < seccomp_architectures().size(); ++i) {
    const SeccompArchitecture architecture = static_cast<SeccompArchitecture>(i);
    if (architecture == SeccompArchitecture::X32) continue;  // a made-up token there
    if (const std::optional<std::uint32_t> token = libseccomp_token(architecture))
      EXPECT_EQ(info_of(architecture).audit_arch, *token) << info_of(architecture).name;
  }
}

}  // namespace
}  // namespace caisson::security::test
