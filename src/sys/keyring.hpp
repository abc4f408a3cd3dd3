// The session keyring of the caller (man 7 session-keyring, man 2 keyctl).
#pragma once

#include <cstdint>
#include <string>

#include "sys/result.hpp"

namespace caisson::sys {

// Joins the keyring of that name, made if there is none; its serial number.
SysResult<int> join_session_keyring(const char* name) noexcept;
SysResult<std::string> describe_key(int serial) noexcept;  // "keyring;UID;GID;PERMISSIONS;NAME"
SysStatus set_key_permissions(int serial, std::uint32_t permissions) noexcept;

}  // namespace caisson::sys
