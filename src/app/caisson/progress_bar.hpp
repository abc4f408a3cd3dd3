// How far something is, as one line of a terminal that is written again and again, and is gone at the end: no escape sequences,
// so that any terminal will do. Nothing at all where there is no terminal.
#pragma once

#include <string>
#include <string_view>

#include "image/progress.hpp"

namespace caisson::app::human {

// "unpacking [#####     ]  50 %  1.2 MB of 2.4 MB", without the bar where there is no place; total 0: nobody knows.
std::string progress_line(std::string_view doing, std::uint64_t done, std::uint64_t total, std::size_t columns);

class ProgressBar final : public image::Progress {
 public:
  ProgressBar();  // on standard error
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() override;

  void begin(std::string_view doing, std::uint64_t total) override;
  void reached(std::uint64_t bytes) override;

 private:
  void show(std::uint64_t bytes);

  bool watched_;
  std::string_view doing_;
  std::uint64_t total_ = 0, next_ns_ = 0;
  std::size_t shown_ = 0;  // how much of the line is written
};

}  // namespace caisson::app::human
