// Bytes that nobody can guess. man 2 getrandom.
#pragma once

#include <cstddef>
#include <string>

#include "sys/result.hpp"

namespace caisson::sys {

// At most 256, which the kernel gives whole.
SysResult<std::string> random_bytes(std::size_t count) noexcept;

}  // namespace caisson::sys
