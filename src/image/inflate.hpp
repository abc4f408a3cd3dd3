// DEFLATE undone (RFC 1951), several times as fast as by zlib: tables of two levels, 64 bits of input at a time, copies of
// whole words. What it makes goes to memory that keeps the last 32 KiB, so there is no window to copy from and to.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "image/bit_source.hpp"
#include "image/deflate_codes.hpp"
#include "image/outlet.hpp"

namespace caisson::image {

class Inflate {
 public:
  Inflate(BitSource& in, Outlet& out) : in_(in), out_(out) {}
  // One stream, to the end of its last block. Afterwards `in` stands at the byte behind it. Throws Error(Spec) for whatever is
  // wrong.
  void stream();

 private:
  bool block();  // false: it was the last one
  void stored();
  void read_fixed_codes();
  void read_codes();
  void symbols();
  bool some_symbols();
  bool some_symbols_here();
  bool some_symbols_bmi2();
  void new_room();
  void hand_out();
  static bool processor_has_bmi2() noexcept;

  BitSource& in_;
  Outlet& out_;
  char *begin_ = nullptr, *at_ = nullptr, *end_ = nullptr;  // the room, and how far it is written
  std::uint64_t made_ = 0;                                  // in this stream, before the room
  const bool has_bmi2_ = processor_has_bmi2();
  bool fixed_ = false;  // the tables are those of fixed codes
  std::array<DeflateEntry, kLengthTableSize> lengths_{};
  std::array<DeflateEntry, kDistanceTableSize> distances_{};
};

}  // namespace caisson::image
