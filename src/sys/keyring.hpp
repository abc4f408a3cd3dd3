// The session keyring of the caller (man 7 session-keyring, man 2 keyctl).
#pragma once

#include <cstdint>
#include <string>

#include "sys/result.hpp"

namespace caisson::sys {

inline constexpr int kSessionKeyring = -3;  // KEY_SPEC_SESSION_KEYRING, in the place of a serial number

// Joins the keyring of that name, made if there is none; its serial number, or 0 if it was the caller's already. Null: a new
// one.
SysResult<int> join_session_keyring(const char* name) noexcept;
SysResult<int> session_keyring() noexcept;                 // the serial number of the caller's
SysResult<std::string> describe_key(int serial) noexcept;  // "keyring;UID;GID;PERMISSIONS;NAME"
SysStatus set_key_permissions(int serial, std::uint32_t permissions) noexcept;

}  // namespace caisson::sys
