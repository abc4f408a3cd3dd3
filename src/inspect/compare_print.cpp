// A comparison in words and as JSON.
#include "base/printable.hpp"
#include "base/text.hpp"
#include "inspect/compare.hpp"
#include "inspect/fact_writer.hpp"

namespace caisson::inspect {
namespace {

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Same:
      return "same";
    case Verdict::Different:
      return "different";
    case Verdict::Unknown:
      break;
  }
  return "unknown";
}

std::string verdict_in_words(const NamespaceVerdict& one) {
  switch (one.verdict) {
    case Verdict::Same:
      return text::join("shared      [", one.a, "]");
    case Verdict::Different:
      return text::join("different   [", one.a, "]  [", one.b, "]");
    case Verdict::Unknown:
      break;
  }
  return text::join("unknown     ", missing_in_words(one.why));
}

void add_side(std::string& out, char mark, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) out += text::join("    ", mark, " ", text::printable(line), "\n");
}

std::string title_of(Section section) {
  for (const SectionName& row : kSections)
    if (row.section == section) return std::string(row.title);
  return {};
}

std::string_view name_of(Section section) {
  for (const SectionName& row : kSections)
    if (row.section == section) return row.name;
  return {};
}

void write_side(FactWriter& out, std::string_view key, const std::vector<std::string>& lines) {
  out.json().key(key);
  if (lines.empty())
    out.json().null();
  else
    out.array(lines, [&](const std::string& line) { out.json().string(line); });
}

}  // namespace

std::string diff_text(const Subject& a, const Subject& b, const Comparison& comparison) {
  if (comparison.verdict() == Verdict::Same)
    return text::join(text::printable(a.name), " and ", text::printable(b.name), " are the same in all that was compared\n");
  std::string out = text::join("- ", text::printable(a.name), "\n+ ", text::printable(b.name), "\n");
  if (!comparison.namespaces.empty()) {
    Rows rows;
    for (const NamespaceVerdict& one : comparison.namespaces)
      rows.emplace_back(std::string(ns::kind_of(one.type).proc), verdict_in_words(one));
    out += text::join("\nnamespaces\n", aligned(rows));
  }
  for (const SectionChanges& section : comparison.sections) {
    out += text::join("\n", title_of(section.section), "\n");
    for (const Change& change : section.changes) {
      const std::string_view what = change.a.empty() ? " (only the second)" : change.b.empty() ? " (only the first)" : "";
      out += text::join("  ", text::printable(change.name), what, "\n");
      add_side(out, '-', change.a);
      add_side(out, '+', change.b);
    }
  }
  return out;
}

std::string diff_json(const Subject& a, const Subject& b, const Comparison& comparison) {
  FactWriter out;
  out.json().begin_object().key("a").string(a.name).key("b").string(b.name).key("verdict").string(
      word_of(comparison.verdict()));
  out.json().key("namespaces");
  out.array(comparison.namespaces, [&](const NamespaceVerdict& one) {
    out.json().begin_object().key("kind").string(ns::kind_of(one.type).proc).key("verdict").string(word_of(one.verdict));
    out.json().key("a").integer(one.a).key("b").integer(one.b);
    if (!one.why.empty()) out.json().key("why").string(one.why);
    out.json().end_object();
  });
  out.json().key("changes");
  out.array(comparison.sections, [&](const SectionChanges& section) {
    for (const Change& change : section.changes) {
      out.json().begin_object().key("section").string(name_of(section.section)).key("name").string(change.name);
      out.json().key("verdict").string(word_of(change.known ? Verdict::Different : Verdict::Unknown));
      write_side(out, "a", change.a);
      write_side(out, "b", change.b);
      out.json().end_object();
    }
  });
  return out.json().end_object().take() + "\n";
}

}  // namespace caisson::inspect
