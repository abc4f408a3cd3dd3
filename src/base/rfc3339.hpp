// Times as RFC 3339 writes them, in UTC, years 1 to 9999: logs, the state of OCI runtimes, documents of images.
#pragma once

#include <time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caisson {

// "2026-01-02T03:04:05Z" of seconds since 1970.
std::string rfc3339(std::int64_t seconds);
// "2026-01-02T03:04:05.123456789Z": trailing zeros of the fraction are left out, as Go's RFC3339Nano does.
std::string rfc3339_nano(timespec utc);

// Nanoseconds since 1970; nothing for another text. A date alone is its midnight, no zone is UTC, a blank stands for the T.
// Years from 1970 on.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

// ".5" at the front -> 500000000, taken off; no fraction is zero, a dot alone is nothing.
std::optional<std::int64_t> take_nanoseconds(std::string_view& text);

}  // namespace caisson
