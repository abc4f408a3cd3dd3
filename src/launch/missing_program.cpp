#include "launch/missing_program.hpp"

#include <cerrno>
#include <string>

namespace caisson::launch {

bool is_missing_program(const Error& error) noexcept {
  const std::string& message = error.message();
  return error.errno_value() == ENOENT || message.ends_with("not found in $PATH") ||
         message.ends_with("\": no such file or directory");
}

}  // namespace caisson::launch
