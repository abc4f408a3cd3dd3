#ifdef CAISSON_FAULT_POINTS
#include "sys/fault_points.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <iterator>
#include <string_view>

#include "base/text.hpp"
#include "sys/raw_syscall.hpp"

namespace caisson::sys::fault_points {
namespace {

constexpr std::string_view kRoleNames[] = {"parent", "init", "exec", "child"};

struct Order {
  bool loaded = false;
  int role = -1;
  unsigned long at = 0;
  int errno_value = 0;  // 0: kill
  int count_fd = -1;
};

Order order;
// A child in shared memory has its own: its thread block is.
thread_local Role current = Role::Parent;
thread_local unsigned long passed = 0;

void load() noexcept {
  order.loaded = true;
  if (const char* file = std::getenv("CAISSON_FAULT_COUNT")) {
    const long fd =
        raw_syscall(SYS_openat, -100, reinterpret_cast<long>(file), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    // Far above the descriptors that tests look at.
    order.count_fd = static_cast<int>(raw_syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900));
    raw_syscall(SYS_close, fd);
  }
  const char* text = std::getenv("CAISSON_FAULT");
  if (text == nullptr) return;
  const auto parts = text::split(text, ':');
  if (parts.size() != 3) std::abort();
  for (int role = 0; role < static_cast<int>(std::size(kRoleNames)); ++role)
    if (kRoleNames[role] == parts[0]) order.role = role;
  const auto at = text::parse_number<unsigned long>(parts[1]);
  if (order.role < 0 || !at) std::abort();
  order.at = *at;
  if (parts[2] != "kill") {
    const auto errno_value = text::parse_number<int>(parts[2]);
    if (!errno_value || *errno_value <= 0) std::abort();
    order.errno_value = *errno_value;
  }
}

}  // namespace

long pass(long number) noexcept {
  if (number == SYS_close || number == SYS_umask) return 0;
  if (!order.loaded) load();
  ++passed;
  if (order.role != static_cast<int>(current) || passed != order.at) return 0;
  if (order.errno_value != 0) return -order.errno_value;
  raw_syscall(SYS_kill, raw_syscall(SYS_getpid), SIGKILL);
  __builtin_trap();  // process 1 of a pid namespace does not die of its own SIGKILL, but of this
}

void enter_role(Role role) noexcept {
  current = role;
  passed = 0;
}

void report(unsigned to_come) noexcept {
  if (order.count_fd < 0) return;
  char line[64];
  std::size_t length = 0;
  for (const char c : kRoleNames[static_cast<int>(current)]) line[length++] = c;
  line[length++] = ' ';
  const auto end = std::to_chars(line + length, line + sizeof line - 1, passed + to_come);
  *end.ptr = '\n';
  raw_syscall(SYS_write, order.count_fd, reinterpret_cast<long>(line), end.ptr + 1 - line);
}

}  // namespace caisson::sys::fault_points
#endif
