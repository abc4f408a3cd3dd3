// RFC 3339 times in UTC, as the state JSON of OCI runtimes has them.
#pragma once

#include <time.h>

#include <string>

namespace caisson::state {

// "2026-01-02T03:04:05.123456789Z": trailing zeros of the fraction are left out, as Go's RFC3339Nano does.
std::string rfc3339_nano(timespec utc);

}  // namespace caisson::state
