// Two subjects side by side: which namespaces they share, and what differs in those that they do not. Pure.
#pragma once

#include <string>
#include <vector>

#include "inspect/rows.hpp"
#include "inspect/subject.hpp"

namespace caisson::inspect {

enum class Verdict : std::uint8_t { Same, Different, Unknown };  // Unknown: one side could not be read

struct NamespaceVerdict {
  ns::Type type = ns::Type::User;
  Verdict verdict = Verdict::Unknown;
  std::uint64_t a = kUnknown, b = kUnknown;  // inodes
  std::string why;                           // Unknown only
};

// One thing that is not the same; a side without it has no lines.
struct Change {
  std::string name;
  std::vector<std::string> a, b;
  bool known = true;  // else one side could not be read: it might be the same
};

struct SectionChanges {
  Section section = Section::Process;
  std::vector<Change> changes;
};

struct Comparison {
  std::vector<NamespaceVerdict> namespaces;  // when asked for
  std::vector<SectionChanges> sections;      // only those with changes
  // Unknown: nothing is known to differ, but something could not be read.
  Verdict verdict() const noexcept;
};

// Of two processes, of a process and a namespace alone (only that kind is looked at), or of two namespaces of one kind.
// Throws Error{Usage} for two namespaces of different kinds.
Comparison compare(const Subject& a, const Subject& b, Sections sections);

// By name; rows that both have alike are left out. Order: that of `a`, then what only `b` has.
std::vector<Change> changes_between(const Rows& a, const Rows& b);

std::string diff_text(const Subject& a, const Subject& b, const Comparison& comparison);
// The shape is that of caisson-ns(1).
std::string diff_json(const Subject& a, const Subject& b, const Comparison& comparison);

}  // namespace caisson::inspect
