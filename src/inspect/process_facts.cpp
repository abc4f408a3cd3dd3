#include "inspect/process_facts.hpp"

#include <algorithm>
#include <cerrno>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

Fact<std::uint64_t> inode_at(const std::string& path) {
  return derived(fact_of(sys::read_link(sys::kCwd, path.c_str())), inode_in);
}

std::vector<NamespaceSeen> read_namespaces(const ProcessDir& directory) {
  std::vector<NamespaceSeen> all;
  for (const ns::Kind& kind : ns::kKinds) {
    NamespaceSeen seen{.type = kind.type};
    seen.callers = inode_at(text::join("/proc/self/ns/", kind.proc));
    if (seen.callers.missing == errno_text(ENOENT)) continue;
    seen.own = directory.namespace_inode(text::join("ns/", kind.proc).c_str());
    seen.first = inode_at(text::join("/proc/1/ns/", kind.proc));
    seen.for_children = seen.own;
    if (kind.type == ns::Type::Pid || kind.type == ns::Type::Time)
      seen.for_children = directory.namespace_inode(text::join("ns/", kind.proc, "_for_children").c_str());
    all.push_back(std::move(seen));
  }
  return all;
}

Fact<std::string> command_of(const ProcessDir& directory, const Fact<StatusFile>& status) {
  Fact<std::string> line = directory.read("cmdline");
  if (!line.known()) return line;
  if (!line->empty()) return command_line(*line);
  return derived(status, [](const StatusFile& file) { return text::join("[", file.name, "]"); });
}

// EINVAL: the kernel has no security module that labels processes.
Fact<std::string> label_of(const ProcessDir& directory) {
  const auto label = sys::read_file(directory.borrow(), "attr/current");
  if (label.err() == EINVAL || label.err() == ENOENT)
    return Fact<std::string>::none("no security module of this kernel labels processes");
  if (!label.ok()) return Fact<std::string>::none(std::string(errno_text(label.err())));
  std::string_view words = label.value();
  while (words.ends_with('\0') || words.ends_with('\n')) words.remove_suffix(1);
  return words.empty() ? Fact<std::string>::none("the process has no label") : Fact<std::string>(std::string(words));
}

Fact<std::vector<CgroupSeen>> cgroups_of(const ProcessDir& directory) {
  return derived(directory.read("cgroup"),
                 [](const std::string& table) { return read_cgroups(table, cgroup::probe_cgroups(cgroup::OwnPaths::Skip)); });
}

IdMaps maps_of(const ProcessDir& directory) {
  const auto map = [&directory](const char* name) {
    return derived(directory.read(name), [](const std::string& text) { return parse_id_map(text); });
  };
  return {
      .uids = map("uid_map"),
      .gids = map("gid_map"),
      .setgroups = derived(directory.read("setgroups"), [](const std::string& text) { return std::string(text::trim(text)); })};
}

}  // namespace

const NamespaceSeen* ProcessFacts::find(ns::Type type) const noexcept {
  const auto found = std::ranges::find(namespaces, type, &NamespaceSeen::type);
  return found == namespaces.end() ? nullptr : &*found;
}

ProcessFacts read_process(const ProcessDir& directory, const sys::Pidfd& process, Sections wanted) {
  ProcessFacts facts{.pid = directory.pid()};
  facts.status = derived(directory.read("status"), [](const std::string& text) { return parse_status(text); });
  facts.command = command_of(directory, facts.status);
  facts.namespaces = read_namespaces(directory);
  if (wanted.has(Section::Process)) facts.executable = directory.link("exe");
  if (wanted.has(Section::Process) || wanted.has(Section::Mounts)) {
    facts.root = directory.link("root");
    facts.cwd = directory.link("cwd");
  }
  if (wanted.has(Section::Ids)) facts.maps = maps_of(directory);
  if (wanted.has(Section::Security)) facts.label = label_of(directory);
  if (wanted.has(Section::Cgroup)) facts.cgroups = cgroups_of(directory);
  if (wanted.has(Section::Mounts))
    facts.mounts = derived(directory.read("mountinfo"), [](const std::string& text) { return mount::parse_mountinfo(text); });
  if (wanted.has(Section::Limits))
    facts.limits = derived(directory.read("limits"), [](const std::string& text) { return parse_limits(text); });
  facts.ended = sys::has_ended(process);
  return facts;
}

}  // namespace caisson::inspect
