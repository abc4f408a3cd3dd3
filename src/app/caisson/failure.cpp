#include "app/caisson/failure.hpp"

#include "app/report.hpp"
#include "base/text.hpp"
#include "launch/missing_program.hpp"

namespace caisson::app::human {
namespace {

constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;

}  // namespace

int status_of(const Error& error, int failed) {
  if (error.kind() != ErrorKind::Payload) return failed;
  return launch::is_missing_program(error) ? kNotFound : kCannotExecute;
}

void report_as(std::string_view program, const Error& error) {
  std::string lines = text::join(program, ": ", error.message(), '\n');
  if (error.kind() == ErrorKind::Usage && !error.hint().empty()) lines += text::join(error.hint(), '\n');
  print_error(lines);
}

int CommandFailure::tell(const Error& error) noexcept {
  if (!explains()) {
    report_as(name_, error);
    return status_of(error, kFaceFailed);
  }
  report("caisson", error, invocation_.log);
  return status_of(error, kToolFailed);
}

}  // namespace caisson::app::human
