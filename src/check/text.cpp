// The report for people: by area, what works on shared lines, what does not on lines of its own with what turns it on.
#include <algorithm>

#include "base/text.hpp"
#include "check/report.hpp"
#include "check/surroundings.hpp"

namespace caisson::check {
namespace {

constexpr std::size_t kWidth = 110;

struct Row {
  State state;
  std::string_view group, value, turn_on;
  std::string text;
};

// Names and paths are anybody's: no control character reaches the terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f)
      out.push_back(c);
    else
      out += text::join("\\x", text::hex(byte | 0x100U).substr(3));
  }
  return out;
}

bool shares_line(const Row& row, const Finding& finding) {
  const Judgement& judged = finding.judged;
  if (finding.check->group.empty() || row.group != finding.check->group || row.state != judged.state) return false;
  return judged.state == State::Ok || (row.value == judged.value && row.turn_on == judged.turn_on);
}

std::string title_of(const Finding& finding) {
  const Judgement& judged = finding.judged;
  if (judged.state != State::Ok || judged.value.empty()) return std::string(finding.check->title);
  return text::join(finding.check->title, ' ', judged.value);
}

std::vector<Row> rows_of(const Report& report, Area area, Detail detail) {
  std::vector<Row> rows;
  for (const Finding& finding : report.findings) {
    const Judgement& judged = finding.judged;
    if (finding.area != area ||
        (detail == Detail::Problems && judged.state != State::Limited && judged.state != State::Missing))
      continue;
    const auto same = std::ranges::find_if(rows, [&](const Row& row) { return shares_line(row, finding); });
    if (same != rows.end()) {
      same->text += text::join(", ", title_of(finding));
      continue;
    }
    Row row{judged.state, finding.check->group, judged.value, judged.turn_on, {}};
    if (!row.group.empty()) row.text = text::join(row.group, ": ", title_of(finding));
    rows.push_back(std::move(row));
    if (row.group.empty()) rows.back().text = std::string(finding.check->title);
  }
  for (Row& row : rows)
    if ((row.group.empty() || row.state != State::Ok) && !row.value.empty()) row.text += text::join(": ", row.value);
  return rows;
}

void append_wrapped(std::string& out, std::string_view text, std::size_t indent) {
  std::size_t column = indent;
  bool first = true;
  for (const std::string_view word : text::split(text, ' ')) {
    if (!first && column + 1 + word.size() > kWidth) {
      out += '\n';
      out.append(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

void append_area(std::string& out, const Report& report, Area area, Detail detail) {
  const auto rows = rows_of(report, area, detail);
  if (rows.empty()) return;
  out += text::join('\n', area_name(area), '\n');
  constexpr std::size_t kIndent = 13;
  for (const Row& row : rows) {
    const std::string_view state = state_name(row.state);
    out += text::join("  ", state);
    out.append(kIndent - 2 - state.size(), ' ');
    append_wrapped(out, printable(row.text), kIndent);
    if (row.turn_on.empty()) continue;
    out.append(kIndent, ' ');
    out += text::join("turn on: ", printable(row.turn_on), '\n');  // never broken: it is to be copied
  }
}

std::string verdict_text(std::string_view which, const Verdict& verdict, std::string_view how) {
  std::string out = text::join("  ", which, verdict.can ? "yes" : "no", verdict.can ? how : "");
  if (!verdict.why_not.empty()) out += text::join(": ", verdict.why_not);
  if (!verdict.lacking.empty()) out += text::join(": missing ", text::join_with(verdict.lacking, " "));
  std::string wrapped;
  append_wrapped(wrapped, out, 24);
  return wrapped;
}

}  // namespace

std::string text_of(const Measured& measured, const Report& report, Detail detail) {
  const Caller& caller = measured.caller;
  std::string out =
      printable(text::join(measured.distribution.name.empty() ? "unknown distribution" : measured.distribution.name, ", Linux ",
                           measured.release, ", uid ", caller.uid));
  if (!caller.name.empty()) out += printable(text::join(" (", caller.name, ")"));
  if (!caller.initial_user_namespace) out += " of a user namespace";
  if (measured.outer != Outer::None)
    out += text::join(", in a container", measured.outer == Outer::Other ? "" : " of ",
                      measured.outer == Outer::Other ? "" : outer_name(measured.outer));
  const std::string tried = measured.trials.in_user_uid == caller.uid
                                ? std::string()
                                : text::join(" (tried as uid ", measured.trials.in_user_uid, ")");
  out += text::join("\n\n", verdict_text("rootful containers:   ", report.rootful, ""),
                    verdict_text("rootless containers:  ", report.rootless, tried));
  for (const CheckList& list : all_checks()) append_area(out, report, list.area, detail);
  return out;
}

}  // namespace caisson::check
