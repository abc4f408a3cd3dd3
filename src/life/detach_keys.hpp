// The keys that leave a container without ending it: "ctrl-p,ctrl-q", "ctrl-],x". Pure.
#pragma once

#include <string>
#include <string_view>

namespace caisson::life {

inline constexpr std::string_view kDetachKeys = "ctrl-p,ctrl-q";

class DetachKeys {
 public:
  // Empty: there are none. Throws Error{Usage} for what names no keys.
  explicit DetachKeys(std::string_view text);

  // What of the input goes on to the container: the beginning of the keys is held back until it is clear that they do not
  // follow. Nothing more once they came.
  std::string feed(std::string_view input);
  bool came() const noexcept { return !keys_.empty() && matched_ == keys_.size(); }

 private:
  std::string keys_;
  std::size_t matched_ = 0;
};

}  // namespace caisson::life
