// Subordinate ids, limits and cgroups as the files say them.
#include <linux/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "check/surroundings.hpp"
#include "host/subordinate_ids.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::check {
namespace {

constexpr std::size_t kMostOfAFile = std::size_t{16} << 20;

std::string read(const std::string& path) { return sys::read_file(sys::kCwd, path.c_str(), kMostOfAFile).value_or({}); }

MapProgram look_at_program(const char* name, std::string_view mountinfo) {
  MapProgram program;
  for (const char* directory : {"/usr/bin/", "/bin/"}) {  // as host/user_namespaces.cpp: it is to run with privileges
    const std::string path = text::join(directory, name);
    const auto status = sys::status_at(sys::kCwd, path.c_str());
    if (!status.ok() || !status.value().is_regular() || (status.value().mode & 0111) == 0) continue;
    program.path = path;
    program.set_user_id = status.value().uid == 0 && (status.value().mode & S_ISUID) != 0;
    program.capability = sys::get_extended_attribute(path.c_str(), "security.capability").ok();
    program.nosuid_mount = nosuid_mount_of(mountinfo, path);
    return program;
  }
  return program;
}

std::vector<std::string> people_of(const std::string& file) {
  std::vector<std::string> people;
  for (const std::string_view line : text::split(file, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) continue;
    if (std::string name(line.substr(0, colon)); std::ranges::find(people, name) == people.end())
      people.push_back(std::move(name));
  }
  return people;
}

// Behind every range of the file, in steps of 65536 from 100000 on, as useradd(8) gives them out.
std::uint32_t behind_all(const std::string& file) {
  std::uint64_t next = 100000;
  for (const std::string_view line : text::split(file, '\n')) {
    const auto fields = text::split(line, ':');
    if (fields.size() != 3) continue;
    const std::uint64_t end = std::uint64_t{text::parse_number<std::uint32_t>(fields[1]).value_or(0)} +
                              text::parse_number<std::uint32_t>(fields[2]).value_or(0);
    while (next < end) next += 65536;
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(next, 0xfffe0000U));
}

// Different namespaces of each kind among the processes that the caller may look at.
void count_seen(std::array<NamespaceLimit, ns::kKinds.size()>& limits) {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY);
  if (!proc.ok()) return;
  auto entries = sys::list_dir(proc.value().borrow());
  if (!entries.ok()) return;
  std::array<std::set<std::string>, ns::kKinds.size()> seen;
  for (const sys::DirEntry& entry : entries.value()) {
    if (!text::parse_number<pid_t>(entry.name)) continue;
    for (const ns::Kind& kind : ns::kKinds) {
      auto link = sys::read_link(proc.value().borrow(), text::join(entry.name, "/ns/", kind.proc).c_str());
      if (!link.ok()) break;  // ended, or not the caller's to look at: so are the others of this process
      seen[static_cast<std::size_t>(kind.type)].insert(std::move(link).value());
    }
  }
  for (std::size_t at = 0; at < seen.size(); ++at) limits[at].seen = seen[at].size();
}

// Where systemd lets a user make cgroups: below the service of his own systemd.
std::string delegated_to(uid_t uid, const cgroup::Hierarchy& v2) {
  return text::join(v2.mount_point == "/" ? "" : v2.mount_point, "/user.slice/user-", uid, ".slice/user@", uid, ".service");
}

int write_access(const std::string& directory) {
  for (const char* file : {"", "/cgroup.procs", "/cgroup.subtree_control"})
    if (const auto may = sys::check_access((directory + file).c_str(), W_OK); !may.ok()) return may.err();
  return 0;
}

void look_at_v2(Cgroups& found, uid_t uid) {
  const cgroup::Hierarchy& v2 = found.facts.v2;
  const std::string own = v2.own == "/" || v2.own.empty() ? v2.mount_point : v2.mount_point + v2.own;
  found.directory = uid == 0 ? v2.mount_point : own;
  found.access = write_access(found.directory);
  if (const std::string delegated = delegated_to(uid, v2); uid != 0 && found.access != 0 && write_access(delegated) == 0) {
    found.directory = delegated;
    found.access = 0;
  }
  found.controllers = std::string(text::trim(read(found.directory + "/cgroup.controllers")));
}

}  // namespace

Subordinates read_subordinates(uid_t uid, const std::string& user_name, std::string_view mountinfo) {
  Subordinates found;
  const std::string uids = read("/etc/subuid");
  found.uids = host::parse_subordinate_ids(uids, user_name, uid);
  found.gids = host::parse_subordinate_ids(read("/etc/subgid"), user_name, uid);
  found.newuidmap = look_at_program("newuidmap", mountinfo);
  found.newgidmap = look_at_program("newgidmap", mountinfo);
  found.people = people_of(uids);
  found.next_free = behind_all(uids);
  return found;
}

std::array<NamespaceLimit, ns::kKinds.size()> read_limits() {
  std::array<NamespaceLimit, ns::kKinds.size()> limits;
  for (const ns::Kind& kind : ns::kKinds) {
    const std::string text = read(text::join("/proc/sys/user/max_", kind.proc, "_namespaces"));
    limits[static_cast<std::size_t>(kind.type)].most = text::parse_number<std::uint64_t>(text::trim(text));
  }
  count_seen(limits);
  return limits;
}

Cgroups read_cgroups(uid_t uid) {
  Cgroups found;
  try {
    found.facts = cgroup::probe_cgroups();
  } catch (const Error& error) {
    found.problem = error.message();
    return found;
  }
  if (!found.facts.v2.mount_point.empty()) look_at_v2(found, uid);
  for (const cgroup::Hierarchy& hierarchy : found.facts.v1) {
    const std::string own = hierarchy.own == "/" ? hierarchy.mount_point : hierarchy.mount_point + hierarchy.own;
    auto& list = sys::check_access(own.c_str(), W_OK).ok() ? found.writable : found.refused;
    list.push_back(hierarchy.controllers);
  }
  return found;
}

}  // namespace caisson::check
