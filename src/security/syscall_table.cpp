#include "security/syscall_table.hpp"

#include <algorithm>

namespace caisson::security {

const SyscallRow* find_syscall(std::string_view name) noexcept {
  const std::span<const SyscallRow> rows = syscall_rows();
  const auto found = std::lower_bound(rows.begin(), rows.end(), name,
                                      [](const SyscallRow& row, std::string_view wanted) { return row.name < wanted; });
  if (found == rows.end() || found->name != name) return nullptr;
  return &*found;
}

std::optional<std::uint32_t> syscall_number(const SyscallRow& row, SeccompArchitecture architecture) noexcept {
  const std::uint16_t number = row.numbers[static_cast<std::size_t>(info_of(architecture).column)];
  if (number == kNoSyscall) return std::nullopt;
  if (architecture == SeccompArchitecture::X32) return number | kX32Bit;
  if (number >= kArmPrivate) return 0x0f0000u + (number - kArmPrivate);
  return number;
}

}  // namespace caisson::security
