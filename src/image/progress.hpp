// How far the taking in of an image is, for somebody who watches.
#pragma once

#include <cstdint>
#include <string_view>

namespace caisson::image {

class Progress {
 public:
  virtual ~Progress() = default;
  // doing: "unpacking". total: how many bytes will be read for that; 0: nobody knows.
  virtual void begin(std::string_view doing, std::uint64_t total) = 0;
  virtual void reached(std::uint64_t bytes) = 0;
};

}  // namespace caisson::image
