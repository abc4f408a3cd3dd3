// While it lives the modes of what the process makes are those that it asks for.
#pragma once

#include <sys/types.h>

#include "sys/file.hpp"

namespace caisson::sys {

class NoUmask {
 public:
  NoUmask() : before_(set_umask(0)) {}
  NoUmask(const NoUmask&) = delete;
  NoUmask& operator=(const NoUmask&) = delete;
  ~NoUmask() { set_umask(before_); }

 private:
  mode_t before_;
};

}  // namespace caisson::sys
