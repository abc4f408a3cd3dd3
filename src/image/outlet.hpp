// Where a decompressor puts what it makes: memory that goes on and on, in which what was written last can still be read.
#pragma once

#include <cstddef>

namespace caisson::image {

class Outlet {
 public:
  static constexpr std::size_t kHistory = std::size_t{32} << 10;  // what can still be read in front of a room
  static constexpr std::size_t kLeastRoom = std::size_t{4} << 10;

  struct Room {
    char* begin;
    std::size_t size;  // at least kLeastRoom
  };
  virtual ~Outlet() = default;
  // Where the next bytes go. Waits for a place if need be.
  virtual Room room() = 0;
  // So much of the last room is written, from its begin.
  virtual void wrote(std::size_t count) = 0;
};

}  // namespace caisson::image
