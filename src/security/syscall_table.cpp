#include "security/syscall_table.hpp"

#include <algorithm>
#include <cstring>

namespace caisson::security {

const SyscallRow* find_syscall(std::string_view name) noexcept {
  char key[sizeof(SyscallRow::name)] = {};  // padded like the rows: one comparison of a fixed length each
  if (name.size() >= sizeof key) return nullptr;
  std::copy(name.begin(), name.end(), key);
  const std::span<const SyscallRow> rows = syscall_rows();
  const auto found = std::lower_bound(rows.begin(), rows.end(), key, [](const SyscallRow& row, const char* wanted) {
    return std::memcmp(row.name, wanted, sizeof row.name) < 0;
  });
  return found != rows.end() && std::memcmp(found->name, key, sizeof key) == 0 ? &*found : nullptr;
}

std::optional<std::uint32_t> syscall_number(const SyscallRow& row, SeccompArchitecture architecture) noexcept {
  const std::uint16_t number = row.numbers[static_cast<std::size_t>(info_of(architecture).column)];
  if (number == kNoSyscall) return std::nullopt;
  if (architecture == SeccompArchitecture::X32) return number | kX32Bit;
  if (number >= kArmPrivate) return 0x0f0000u + (number - kArmPrivate);
  return number;
}

}  // namespace caisson::security
