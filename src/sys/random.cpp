#include "sys/random.hpp"

#include <sys/syscall.h>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<std::string> random_bytes(std::size_t count) noexcept {
  std::string bytes(count, '\0');
  const long got = retry_eintr([&] { return call(SYS_getrandom, bytes.data(), bytes.size(), 0); });
  if (got < 0) return SysResult<std::string>::failed(static_cast<int>(-got));
  return bytes;
}

}  // namespace caisson::sys
