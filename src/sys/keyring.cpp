#include "sys/keyring.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<int> join_session_keyring(const char* name) noexcept {
  return result_of<int>(call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name));
}
SysResult<int> session_keyring() noexcept {
  return result_of<int>(call(SYS_keyctl, KEYCTL_GET_KEYRING_ID, kSessionKeyring, 0));
}
SysResult<std::string> describe_key(int serial) noexcept {
  std::string text(512, '\0');
  const long size = call(SYS_keyctl, KEYCTL_DESCRIBE, serial, text.data(), text.size());
  if (size < 0) return SysResult<std::string>::failed(static_cast<int>(-size));
  if (static_cast<std::size_t>(size) < text.size()) text.resize(static_cast<std::size_t>(size));
  return std::string(text.c_str());
}
SysStatus set_key_permissions(int serial, std::uint32_t permissions) noexcept {
  return status_of(call(SYS_keyctl, KEYCTL_SETPERM, serial, permissions));
}

}  // namespace caisson::sys
