// The time in the documents of images.
#pragma once

#include <string>

namespace caisson::image {

// "2026-11-22T15:04:05Z" (RFC 3339) of the clock, without the C library's time zones.
std::string now_text();

}  // namespace caisson::image
