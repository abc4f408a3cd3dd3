#include "app/caisson/commands.hpp"
#include "app/report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "check/measure.hpp"
#include "check/report.hpp"

namespace caisson::app::human {

int check(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  if (options.flag("json") && options.flag("quiet")) throw Error(ErrorKind::Usage, "--json and --quiet exclude each other");
  const check::Measured measured = check::measure();
  const check::Report report = check::judge(measured);
  if (options.flag("json")) {
    print_out(text::join(check::json_of(measured, report), '\n'));
  } else if (!options.flag("quiet")) {
    print_out(check::text_of(measured, report, options.flag("problems") ? check::Detail::Problems : check::Detail::Everything));
  }
  return check::exit_status(report);
}

}  // namespace caisson::app::human
