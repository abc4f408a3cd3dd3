#include "inspect/compare.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

// The namespace of a kind, of a process or alone; none: it has nothing of that kind.
std::optional<Fact<std::uint64_t>> inode_of(const Subject& subject, ns::Type type) {
  if (subject.lone) return *subject.lone == type ? std::optional(Fact<std::uint64_t>(subject.inode)) : std::nullopt;
  const NamespaceSeen* seen = subject.process.find(type);
  return seen == nullptr ? std::nullopt : std::optional(seen->own);
}

NamespaceVerdict verdict_of(ns::Type type, const Fact<std::uint64_t>& a, const Fact<std::uint64_t>& b) {
  NamespaceVerdict out{.type = type, .a = a.value.value_or(kUnknown), .b = b.value.value_or(kUnknown)};
  if (!a.known() || !b.known())
    out.why = a.known() ? b.missing : a.missing;
  else
    out.verdict = out.a == out.b ? Verdict::Same : Verdict::Different;
  return out;
}

class Comparer {
 public:
  Comparer(const Subject& a, const Subject& b, Sections sections) : a_(a), b_(b), sections_(sections) {}

  Comparison run() {
    compare_namespaces();
    const bool processes = !a_.lone && !b_.lone;
    if (differs(ns::Type::Uts)) add(Section::Process, host_name_rows(a_.inside), host_name_rows(b_.inside));
    compare_ids(processes);
    if (processes) {
      add(Section::Capabilities, capability_rows(a_.process.status), capability_rows(b_.process.status));
      add(Section::Security, security_rows(a_.process), security_rows(b_.process));
      add(Section::Cgroup, cgroup_rows(a_.process.cgroups, Figures::Limits), cgroup_rows(b_.process.cgroups, Figures::Limits));
      add(Section::Limits, limit_rows(a_.process.limits), limit_rows(b_.process.limits));
    }
    compare_mounts(processes);
    if (differs(ns::Type::Network)) add(Section::Network, device_rows(a_.inside.links), device_rows(b_.inside.links));
    compare_sysctls();
    if (differs(ns::Type::Time)) add(Section::Clocks, clock_rows(a_.inside.clocks), clock_rows(b_.inside.clocks));
    return std::move(out_);
  }

 private:
  void compare_namespaces() {
    for (const ns::Kind& kind : ns::kKinds) {
      const auto a = inode_of(a_, kind.type), b = inode_of(b_, kind.type);
      if (a && b) out_.namespaces.push_back(verdict_of(kind.type, *a, *b));
    }
  }

  // What one side could not tell counts as different: it is then shown why.
  bool differs(ns::Type type) const {
    const auto found = std::ranges::find(out_.namespaces, type, &NamespaceVerdict::type);
    return found != out_.namespaces.end() && found->verdict != Verdict::Same;
  }

  void add(Section section, const Rows& a, const Rows& b) { add_changes(section, changes_between(a, b)); }

  void add_changes(Section section, std::vector<Change> changes) {
    if (changes.empty() || !sections_.has(section)) return;
    const auto found = std::ranges::find(out_.sections, section, &SectionChanges::section);
    if (found == out_.sections.end())
      out_.sections.push_back({section, std::move(changes)});
    else
      found->changes.insert(found->changes.end(), changes.begin(), changes.end());
  }

  void compare_ids(bool processes) {
    if (processes) add(Section::Ids, user_rows(a_.process), user_rows(b_.process));
    if (differs(ns::Type::User)) add(Section::Ids, map_rows(a_.process), map_rows(b_.process));
  }

  void compare_mounts(bool processes) {
    if (processes) {
      const auto root = [](const Subject& subject) { return Rows{root_rows(subject.process).front()}; };
      add(Section::Mounts, root(a_), root(b_));
    }
    if (differs(ns::Type::Mount)) add(Section::Mounts, mount_rows(a_.process.mounts), mount_rows(b_.process.mounts));
  }

  void compare_sysctls() {
    for (const ns::Type type : {ns::Type::User, ns::Type::Ipc, ns::Type::Uts, ns::Type::Network}) {
      const auto *a = a_.inside.find(type), *b = b_.inside.find(type);
      if (!differs(type) || a == nullptr || b == nullptr) continue;
      std::vector<Change> changes;
      if (!a->known() || !b->known()) {
        const auto side = [](const Fact<std::vector<Sysctl>>& fact) -> std::vector<std::string> {
          return {fact.known() ? text::join(fact->size(), " settings") : missing_in_words(fact.missing)};
        };
        changes.push_back({std::string(ns::kind_of(type).proc), side(*a), side(*b), false});
      } else {
        const SysctlDifferences found = differences(**a, **b);
        for (const SysctlDifference& one : found.values) changes.push_back({one.name, {one.a}, {one.b}});
        for (const auto& one : found.one_sided) {
          const std::vector<std::string> there{text::join(one.settings, one.settings == 1 ? " setting" : " settings")}, nothing;
          changes.push_back({one.name, one.only_a ? there : nothing, one.only_a ? nothing : there});
        }
      }
      add_changes(Section::Sysctls, std::move(changes));
    }
  }

  const Subject &a_, &b_;
  Sections sections_;
  Comparison out_;
};

}  // namespace

Verdict Comparison::verdict() const noexcept {
  Verdict found = Verdict::Same;
  const auto see = [&found](Verdict one) {
    if (one == Verdict::Different || (one == Verdict::Unknown && found == Verdict::Same)) found = one;
  };
  for (const NamespaceVerdict& one : namespaces) see(one.verdict);
  for (const SectionChanges& section : sections)
    for (const Change& change : section.changes) see(change.known ? Verdict::Different : Verdict::Unknown);
  return found;
}

std::vector<Change> changes_between(const Rows& a, const Rows& b) {
  std::map<std::string_view, const Row*> left, right;
  for (const Row& row : a) left.emplace(row.name, &row);
  for (const Row& row : b) right.emplace(row.name, &row);
  std::vector<Change> changes;
  for (const Row& row : a) {
    const auto found = right.find(row.name);
    if (found == right.end())
      changes.push_back({row.name, row.lines, {}, row.known});
    else if (found->second->lines != row.lines)
      changes.push_back({row.name, row.lines, found->second->lines, row.known && found->second->known});
  }
  for (const Row& row : b)
    if (!left.contains(row.name)) changes.push_back({row.name, {}, row.lines, row.known});
  return changes;
}

Comparison compare(const Subject& a, const Subject& b, Sections sections) {
  if (a.lone && b.lone && *a.lone != *b.lone)
    throw Error(ErrorKind::Usage, text::join(a.name, " is a ", ns::kind_of(*a.lone).oci, " namespace, and ", b.name, " a ",
                                             ns::kind_of(*b.lone).oci, " namespace: there is nothing to compare"));
  Comparison found = Comparer(a, b, sections).run();
  if (!sections.has(Section::Namespaces)) found.namespaces.clear();
  return found;
}

}  // namespace caisson::inspect
