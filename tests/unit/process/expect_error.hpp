// For tests of refusals: the Error that an expression throws, or a failed test.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "base/error.hpp"

namespace caisson::process {

template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::Kernel, "nothing was thrown");
}

}  // namespace caisson::process
