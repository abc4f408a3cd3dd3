// How a command's failure is told, and the exit status that it gives: as caisson's own, or as the program of util-linux does
// that it was called as.
#pragma once

#include <string_view>

#include "app/caisson/commands.hpp"
#include "launch/failure_teller.hpp"

namespace caisson::app::human {

// As docker and podman: 125 the tool itself failed, 126 the program cannot be executed, 127 it was not found.
inline constexpr int kToolFailed = 125;
// As util-linux, where a failure and a program that returns 1 look the same.
inline constexpr int kFaceFailed = 1;

// failed: the status of a failure that is not the payload's.
int status_of(const Error& error, int failed);
// What util-linux prints: the message, and for a wrong command line where to read more; never advice.
void report_as(std::string_view program, const Error& error);

// For the processes that a command becomes.
class CommandFailure final : public launch::FailureTeller {
 public:
  CommandFailure(const Invocation& invocation, std::string_view name) noexcept : invocation_(invocation), name_(name) {}
  int tell(const Error& error) noexcept override;
  bool explains() const noexcept override { return invocation_.called_as == CalledAs::Caisson; }

 private:
  const Invocation& invocation_;
  std::string_view name_;
};

}  // namespace caisson::app::human
