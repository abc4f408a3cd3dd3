// Failure records: an Error as bytes and back. Written by cloned stages, by the trampoline and read by the runtime and `start`.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/error.hpp"
#include "launch/trampoline/record.hpp"

namespace caisson::launch {

// At most kMaxMessage bytes; when the texts do not fit, the last bytes give way to a marker, never the errno.
std::string encode_failure(const Error& error);

// Lenient about cut texts; a record that is no record becomes an Error that says so.
Error decode_failure(std::span<const std::byte> record);

}  // namespace caisson::launch
