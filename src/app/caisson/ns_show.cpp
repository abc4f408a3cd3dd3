#include "app/caisson/commands.hpp"
#include "app/caisson/state_root.hpp"
#include "app/report.hpp"
#include "inspect/compare.hpp"
#include "inspect/show.hpp"
#include "inspect/surroundings.hpp"
#include "inspect/target.hpp"

namespace caisson::app::human {
namespace {

inspect::Sections wanted_sections(const OptionValues& options) {
  inspect::Sections sections;
  for (const std::string_view names : options.values("only")) inspect::add_sections(names, sections);
  return sections.empty() ? inspect::Sections::all() : sections;
}

constexpr int kSame = 0, kDifferent = 1, kCannotTell = 2;

}  // namespace

int ns_show(const Invocation& invocation) {
  const inspect::Sections sections = wanted_sections(invocation.options());
  const inspect::Target target = inspect::resolve_target(invocation.operand(0), places_of(invocation));
  inspect::Subject subject = inspect::look_at(target, sections);
  const inspect::Surroundings around = inspect::look_around(subject, sections);
  const bool json = invocation.options().flag("json");
  print_out(json ? inspect::show_json(subject, around, sections) : inspect::show_text(subject, around, sections));
  return 0;
}

int ns_diff(const Invocation& invocation) {
  const OptionValues& options = invocation.options();
  const inspect::Sections sections = wanted_sections(options);
  const inspect::Places places = places_of(invocation);
  const inspect::Target first = inspect::resolve_target(invocation.operand(0), places);
  const inspect::Target second = inspect::resolve_target(invocation.operand(1), places);
  const inspect::Subject a = inspect::look_at(first, sections), b = inspect::look_at(second, sections);
  const inspect::Comparison found = inspect::compare(a, b, sections);
  if (!options.flag("quiet"))
    print_out(options.flag("json") ? inspect::diff_json(a, b, found) : inspect::diff_text(a, b, found));
  switch (found.verdict()) {
    case inspect::Verdict::Same:
      return kSame;
    case inspect::Verdict::Different:
      return kDifferent;
    case inspect::Verdict::Unknown:
      break;
  }
  return kCannotTell;
}

}  // namespace caisson::app::human
