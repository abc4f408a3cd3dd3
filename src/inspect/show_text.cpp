#include <algorithm>

#include "base/text.hpp"
#include "inspect/rows.hpp"
#include "inspect/show.hpp"

namespace caisson::inspect {
namespace {

std::string bracketed(std::uint64_t inode) { return text::join("[", inode, "]"); }

std::size_t members_of(const Machine& machine, ns::Type type, std::uint64_t inode) {
  const NamespaceEntry* entry = machine.find(type, inode);
  return entry == nullptr ? 0 : entry->members.size();
}

std::string relation_in_words(const NamespaceSeen& seen) {
  std::string out;
  if (!seen.callers.known())
    out = text::join("the caller's ", missing_in_words(seen.callers.missing));
  else if (*seen.own == *seen.callers)
    out = "the caller's";
  else
    out = text::join("not the caller's ", bracketed(*seen.callers));
  if (!seen.first.known()) return out;
  out += *seen.own == *seen.first ? ", PID 1's" : text::join(", not PID 1's ", bracketed(*seen.first));
  return out;
}

std::string namespace_in_words(const NamespaceSeen& seen, const Machine& machine) {
  if (!seen.own.known()) return missing_in_words(seen.own.missing);
  std::string out = text::join(bracketed(*seen.own), "  ", relation_in_words(seen));
  if (const std::size_t members = members_of(machine, seen.type, *seen.own); members != 0)
    out += text::join("; ", members, members == 1 ? " process" : " processes");
  return out;
}

Rows namespace_rows(const Subject& subject, const Machine& machine) {
  Rows rows;
  std::string_view unreadable;
  for (const NamespaceSeen& seen : subject.process.namespaces) {
    rows.emplace_back(ns::kind_of(seen.type).proc, namespace_in_words(seen, machine));
    if (seen.own.known() && seen.for_children.known() && *seen.own != *seen.for_children)
      rows.back().lines.push_back(text::join("its next child goes to ", bracketed(*seen.for_children)));
    if (seen.own.known() && !seen.for_children.known())
      rows.back().lines.push_back("its next child goes to a new one, in which there is no process yet");
    if (!seen.first.known()) unreadable = seen.first.missing;
  }
  if (!unreadable.empty()) rows.emplace_back("PID 1", text::join("its namespaces ", missing_in_words(unreadable)));
  return rows;
}

void append(Rows& rows, Rows more) { rows.insert(rows.end(), more.begin(), more.end()); }

std::string side_in_words(const SysctlDifference& one) { return text::join(one.a, "   (the caller's: ", one.b, ")"); }

// Thousands: of the network only what is another than the caller's.
Rows network_settings(const std::vector<Sysctl>& settings, const Fact<std::vector<Sysctl>>* callers) {
  Rows rows{{"net", text::join(settings.size(), " settings")}};
  if (callers == nullptr || !callers->known()) return rows;
  const SysctlDifferences found = differences(settings, **callers);
  rows.back().lines.back() += found.none() ? ", each as the caller's" : "; these are other than the caller's:";
  for (const SysctlDifference& one : found.values) rows.emplace_back(one.name, side_in_words(one));
  std::size_t callers_alone = 0;
  for (const auto& one : found.one_sided) {
    if (one.only_a)
      rows.emplace_back(one.name, text::join(one.settings, one.settings == 1 ? " setting" : " settings", ", only here"));
    callers_alone += one.only_a ? 0 : one.settings;
  }
  if (callers_alone != 0) rows.emplace_back("net.*", text::join(callers_alone, " settings that only the caller's has"));
  return rows;
}

Rows sysctl_rows(const Subject& subject, const Surroundings& around) {
  Rows rows;
  for (const SysctlsOfKind& kind : subject.inside.sysctls) {
    const std::string_view name = ns::kind_of(kind.type).proc;
    if (!kind.settings.known())
      rows.emplace_back(std::string(name), missing_in_words(kind.settings.missing));
    else if (kind.type == ns::Type::Network)
      append(rows, network_settings(*kind.settings, around.callers.find(kind.type)));
    else
      for (const Sysctl& one : *kind.settings) rows.emplace_back(one.name, value_in_words(one));
  }
  return rows;
}

std::string mounts_text(const Subject& subject, const Surroundings& around) {
  const Fact<std::vector<mount::MountInfo>>& mounts = subject.process.mounts;
  std::string out = subject.lone ? "" : aligned(root_rows(subject.process));
  if (!mounts.known()) return out + aligned(mount_rows(mounts));
  out += draw_mounts(*mounts);
  const NamespaceSeen* own = subject.process.find(ns::Type::Mount);
  const std::uint64_t inode = subject.lone ? subject.inode : own != nullptr && own->own.known() ? *own->own : kUnknown;
  const std::string groups = describe_groups(*mounts, inode, around.groups);
  if (groups.empty()) return out;
  out += text::join("  peer groups\n", groups);
  if (around.groups.unreadable != 0)
    out += text::join("  of ", around.groups.unreadable, " other mount namespaces the caller may not read the mounts\n");
  return out;
}

Rows container_row(const Subject& subject) {
  if (subject.container.empty()) return {};
  return {{"container", subject.container}};
}

std::string section_text(Section section, const Subject& subject, const Surroundings& around) {
  const ProcessFacts& process = subject.process;
  Rows rows;
  switch (section) {
    case Section::Process:
      rows = container_row(subject);
      append(rows, identity_rows(process));
      append(rows, host_name_rows(subject.inside));
      break;
    case Section::Namespaces:
      rows = subject.lone ? lone_rows(subject, around.machine) : namespace_rows(subject, around.machine);
      break;
    case Section::Ids:
      if (!subject.lone) rows = user_rows(process);
      append(rows, map_rows(process));
      break;
    case Section::Capabilities:
      rows = capability_rows(process.status);
      break;
    case Section::Security:
      rows = security_rows(process);
      break;
    case Section::Cgroup:
      rows = cgroup_rows(process.cgroups, Figures::All);
      break;
    case Section::Mounts:
      return mounts_text(subject, around);
    case Section::Limits:
      rows = limit_rows(process.limits);
      break;
    case Section::Network:
      rows = device_rows(subject.inside.links);
      break;
    case Section::Sysctls:
      rows = sysctl_rows(subject, around);
      break;
    case Section::Clocks:
      rows = clock_rows(subject.inside.clocks);
      break;
  }
  return aligned(rows);
}

}  // namespace

std::string show_text(const Subject& subject, const Surroundings& around, Sections sections) {
  if (subject.lone) sections = sections.both(sections_of(*subject.lone));
  std::string out;
  for (const SectionName& row : kSections) {
    if (!sections.has(row.section)) continue;
    out += text::join(out.empty() ? "" : "\n", row.title, "\n", section_text(row.section, subject, around));
  }
  if (subject.process.ended) out += "\nThe process ended while it was looked at: what is missing is missing for that.\n";
  return out;
}

}  // namespace caisson::inspect
