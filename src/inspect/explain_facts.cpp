#include "inspect/explain_facts.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "inspect/explain.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

// Only of a root in memory: those of a file system on disk come with it, and one of a program (FUSE) might never answer.
std::vector<std::pair<std::string, std::string>> links_in_root(const ProcessDir& directory, const Subject& subject) {
  std::vector<std::pair<std::string, std::string>> links;
  const auto& mounts = subject.process.mounts;
  if (!mounts.known()) return links;
  const auto root = std::ranges::find(*mounts, "/", &mount::MountInfo::mount_point);
  if (root == mounts->end() || root->type != "tmpfs") return links;
  const auto opened = sys::open_at(directory.borrow(), "root", O_RDONLY | O_DIRECTORY);
  if (!opened.ok()) return links;
  for (const sys::DirEntry& entry : sys::list_dir(opened.value().borrow()).value_or({})) {
    if (entry.type != DT_LNK) continue;
    auto target = sys::read_link(opened.value().borrow(), entry.name.c_str());
    if (target.ok()) links.emplace_back(entry.name, std::move(target).value());
  }
  std::ranges::sort(links);
  return links;
}

}  // namespace

ExplainFacts read_explain_facts(const Target& target) {
  Sections sections;
  for (const Section section : {Section::Process, Section::Namespaces, Section::Ids, Section::Capabilities, Section::Security,
                                Section::Cgroup, Section::Mounts, Section::Network, Section::Clocks})
    sections.add(section);
  ExplainFacts facts{.subject = look_at(target, sections)};
  facts.callers_mounts =
      mount::parse_mountinfo(sys::read_file(sys::kCwd, "/proc/self/mountinfo").or_throw("read the mount table"));
  facts.caller_is_root = sys::effective_uid() == 0;
  const ProcessDir directory(target.pid, target.process);
  facts.root_links = links_in_root(directory, facts.subject);
  const auto routes = directory.read("net/route");
  if (routes.known()) facts.gateways = parse_gateways(*routes);
  return facts;
}

}  // namespace caisson::inspect
