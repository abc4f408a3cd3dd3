// What a call refuses, as "message | hint", or "nothing" when it does not throw.
#pragma once

#include <string>

#include "base/error.hpp"

namespace caisson::test {

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Spec) return "not a Spec error: " + error.message();
    return error.hint().empty() ? error.message() : error.message() + " | " + error.hint();
  }
  return "nothing";
}

}  // namespace caisson::test
