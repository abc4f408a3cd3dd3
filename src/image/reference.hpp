// Names of images: [HOST[:PORT]/]PATH[:TAG]. They are kept as they were written, with the tag "latest" when there is none, and
// a shorter one means each that ends in it: "debian" is "docker.io/library/debian:latest". Pure.
#pragma once

#include <string>
#include <string_view>

namespace caisson::image {

// Throws Error(Usage) for what is no name, with the reason.
std::string parse_reference(std::string_view text);
// Whether `name` (with its tag) is meant by `word` (parsed).
bool names(std::string_view word, std::string_view name) noexcept;
// The first 12 digits of an id, or more, as they may be written for an image.
bool is_id_prefix(std::string_view word) noexcept;

// A name as a file name, and back.
std::string file_name_of(std::string_view reference);
std::string reference_of(std::string_view file_name);

}  // namespace caisson::image
