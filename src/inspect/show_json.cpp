#include <string_view>

#include "base/text.hpp"
#include "inspect/fact_writer.hpp"
#include "inspect/show.hpp"
#include "security/capabilities.hpp"

namespace caisson::inspect {
namespace {

void write_ids(FactWriter& out, std::string_view key, const FourIds& ids) {
  out.json().key(key).begin_object();
  constexpr std::string_view kNames[] = {"real", "effective", "saved", "file_system"};
  for (std::size_t i = 0; i < ids.size(); ++i) out.json().key(kNames[i]).integer(ids[i]);
  out.json().end_object();
}

void write_map(FactWriter& out, std::string_view key, const Fact<std::vector<spec::IdMapping>>& map) {
  out.fact(key, map, [&](const std::vector<spec::IdMapping>& ranges) {
    out.array(ranges, [&](const spec::IdMapping& range) {
      out.json().begin_object().key("inside").integer(range.container_id).key("outside").integer(range.host_id);
      out.json().key("count").integer(range.size).end_object();
    });
  });
}

void write_capabilities(FactWriter& out, const StatusFile& status) {
  const auto set = [&](std::string_view key, std::uint64_t mask) {
    out.json().key(key);
    out.array(security::capability_names(mask), [&](const std::string& name) { out.json().string(name); });
  };
  out.json().begin_object();
  set("effective", status.capabilities.effective);
  set("permitted", status.capabilities.permitted);
  set("inheritable", status.capabilities.inheritable);
  set("bounding", status.capabilities.bounding);
  set("ambient", status.capabilities.ambient);
  out.json().end_object();
}

void write_process(FactWriter& out, const Subject& subject) {
  const ProcessFacts& process = subject.process;
  out.json().begin_object();
  out.fact("pids", process.status,
           [&](const StatusFile& status) { out.array(status.pids, [&](pid_t pid) { out.json().integer(pid); }); });
  out.fact("parent", process.status, [&](const StatusFile& status) { out.json().integer(status.parent); });
  out.fact("name", process.status, [&](const StatusFile& status) { out.json().string(status.name); });
  out.fact("state", process.status, [&](const StatusFile& status) { out.json().string(status.state); });
  out.fact("threads", process.status, [&](const StatusFile& status) { out.json().integer(status.threads); });
  out.text("command", process.command);
  out.text("executable", process.executable);
  out.text("host_name", subject.inside.host_name);
  out.text("domain_name", subject.inside.domain_name);
  out.json().end_object();
}

void write_namespaces(FactWriter& out, const Subject& subject, const Machine& machine) {
  out.array(subject.process.namespaces, [&](const NamespaceSeen& seen) {
    const auto number = [&](std::string_view key, const Fact<std::uint64_t>& inode) {
      out.fact(key, inode, [&](std::uint64_t known) { out.json().integer(known); });
    };
    out.json().begin_object().key("kind").string(ns::kind_of(seen.type).proc);
    number("inode", seen.own);
    number("caller", seen.callers);
    number("pid1", seen.first);
    number("for_children", seen.for_children);
    const NamespaceEntry* entry = seen.own.known() ? machine.find(seen.type, *seen.own) : nullptr;
    out.json().key("processes");
    entry == nullptr ? out.json().null() : out.json().integer(entry->members.size());
    out.json().end_object();
  });
}

void write_user_ids(FactWriter& out, const ProcessFacts& process) {
  out.json().begin_object();
  if (process.pid != 0)
    out.fact("ids", process.status, [&](const StatusFile& status) {
      out.json().begin_object();
      write_ids(out, "user", status.users);
      write_ids(out, "group", status.groups);
      out.json().key("further_groups");
      out.array(status.supplementary, [&](std::uint32_t group) { out.json().integer(group); });
      out.json().end_object();
    });
  write_map(out, "uid_map", process.maps.uids);
  write_map(out, "gid_map", process.maps.gids);
  out.text("setgroups", process.maps.setgroups);
  out.json().end_object();
}

void write_security(FactWriter& out, const ProcessFacts& process) {
  out.json().begin_object();
  out.fact("no_new_privs", process.status, [&](const StatusFile& status) {
    status.no_new_privs ? out.json().boolean(*status.no_new_privs) : out.json().null();
  });
  out.fact("seccomp_mode", process.status,
           [&](const StatusFile& status) { status.seccomp ? out.json().integer(*status.seccomp) : out.json().null(); });
  out.fact("seccomp_filters", process.status, [&](const StatusFile& status) {
    status.seccomp_filters ? out.json().integer(*status.seccomp_filters) : out.json().null();
  });
  out.text("label", process.label);
  out.json().end_object();
}

void write_cgroups(FactWriter& out, const std::vector<CgroupSeen>& cgroups) {
  out.array(cgroups, [&](const CgroupSeen& seen) {
    out.json().begin_object().key("controllers").string(seen.controllers).key("path").string(seen.path);
    out.json().key("directory").string(seen.directory);
    out.fact("figures", seen.figures, [&](const std::vector<CgroupFigure>& figures) {
      out.array(figures, [&](const CgroupFigure& figure) {
        out.json().begin_object().key("file").string(figure.file).key("value").string(figure.value);
        out.json().key("words").string(figure.in_words).key("limit").boolean(figure.is_limit);
        if (!figure.above.empty()) out.json().key("above").string(figure.above);
        out.json().end_object();
      });
    });
    out.json().end_object();
  });
}

void write_limits(FactWriter& out, const std::vector<ResourceLimit>& limits) {
  out.array(limits, [&](const ResourceLimit& limit) {
    out.json().begin_object().key("name").string(limit.name).key("soft").string(limit.soft);
    out.json().key("hard").string(limit.hard).key("unit").string(limit.unit).end_object();
  });
}

void write_sysctls(FactWriter& out, const std::vector<SysctlsOfKind>& kinds) {
  out.json().begin_object();
  for (const SysctlsOfKind& kind : kinds)
    out.fact(ns::kind_of(kind.type).proc, kind.settings, [&](const std::vector<Sysctl>& settings) {
      out.json().begin_object();
      for (const Sysctl& one : settings) out.text(one.name, one.value);
      out.json().end_object();
    });
  out.json().end_object();
}

void write_clocks(FactWriter& out, const std::vector<ClockOffset>& clocks) {
  out.array(clocks, [&](const ClockOffset& offset) {
    out.json().begin_object().key("clock").string(offset.clock).key("seconds").integer(offset.seconds);
    out.json().key("nanoseconds").integer(offset.nanoseconds).end_object();
  });
}

void write_mounts(FactWriter& out, const Subject& subject, const Surroundings& around) {
  out.json().begin_object();
  if (!subject.lone) {
    out.text("root", subject.process.root);
    out.text("cwd", subject.process.cwd);
  }
  out.fact("mounts", subject.process.mounts,
           [&](const std::vector<mount::MountInfo>& mounts) { write_mount_list(out, mounts); });
  if (subject.process.mounts.known()) {
    out.json().key("groups");
    write_groups(out, *subject.process.mounts, around.groups);
  }
  out.json().end_object();
}

void write_section(FactWriter& out, const SectionName& row, const Subject& subject, const Surroundings& around) {
  const ProcessFacts& process = subject.process;
  const auto object = [&] { out.json().key(row.name); };
  switch (row.section) {
    case Section::Process:
      object();
      return write_process(out, subject);
    case Section::Namespaces:
      if (subject.lone) return write_lone(out, subject, around.machine);
      object();
      return write_namespaces(out, subject, around.machine);
    case Section::Ids:
      object();
      return write_user_ids(out, process);
    case Section::Capabilities:
      return out.fact(row.name, process.status, [&](const StatusFile& status) { write_capabilities(out, status); });
    case Section::Security:
      object();
      return write_security(out, process);
    case Section::Cgroup:
      return out.fact(row.name, process.cgroups, [&](const auto& cgroups) { write_cgroups(out, cgroups); });
    case Section::Mounts:
      object();
      return write_mounts(out, subject, around);
    case Section::Limits:
      return out.fact(row.name, process.limits, [&](const auto& limits) { write_limits(out, limits); });
    case Section::Network:
      return out.fact(row.name, subject.inside.links, [&](const auto& links) { write_links(out, links); });
    case Section::Sysctls:
      object();
      return write_sysctls(out, subject.inside.sysctls);
    case Section::Clocks:
      return out.fact(row.name, subject.inside.clocks, [&](const auto& clocks) { write_clocks(out, clocks); });
  }
}

}  // namespace

std::string show_json(const Subject& subject, const Surroundings& around, Sections sections) {
  FactWriter out;
  if (subject.lone) sections = sections.both(sections_of(*subject.lone));
  out.json().begin_object().key("target").string(subject.name);
  if (!subject.lone) out.json().key("pid").integer(subject.process.pid);
  if (!subject.container.empty()) out.json().key("container").string(subject.container);
  if (!subject.lone) out.json().key("ended").boolean(subject.process.ended);
  for (const SectionName& row : kSections) {
    if (!sections.has(row.section)) continue;
    out.begin_section(row.name);
    write_section(out, row, subject, around);
  }
  out.write_missing();
  return out.json().end_object().take() + "\n";
}

}  // namespace caisson::inspect
