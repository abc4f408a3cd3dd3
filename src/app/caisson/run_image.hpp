// Whether `caisson run` means an image, and what that adds to the wish.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "base/error.hpp"
#include "request/run_wish.hpp"
#include "sys/fd.hpp"

namespace caisson::app::human {

// --image says it plainly. Without it, without --rootfs and without "--" the first operand is an image when the store has it,
// else it is a command as ever. The result holds the image, and has to live as long as the container; invalid: no image is
// meant.
sys::UniqueFd use_image(const Parsed& line, request::RunWish& wish);

struct MeantImage {
  std::string name;  // as it was written
  std::string id;    // in hex
  std::string store;
  std::string stop_signal;                  // empty: it names none
  std::vector<std::string> volumes, ports;  // as in request::ImageWish
};
// The image that the line means, if it means one.
std::optional<MeantImage> meant_image(const Parsed& line);

// A program that was not found may have been meant as an image: the same error, which says so then.
Error or_is_it_an_image(const Error& error, const Parsed& line);

}  // namespace caisson::app::human
