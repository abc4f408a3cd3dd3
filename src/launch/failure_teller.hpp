// How a process that ends with a failure says so where there is no record to send it in: a program that became several
// processes, each of which answers for itself.
#pragma once

#include "base/error.hpp"

namespace caisson::launch {

class FailureTeller {
 public:
  virtual ~FailureTeller() = default;
  // Prints, and gives the exit status of the process.
  virtual int tell(const Error& error) noexcept = 0;
  // Whether hints are printed: finding one may cost a look at the machine.
  virtual bool explains() const noexcept = 0;
};

}  // namespace caisson::launch
