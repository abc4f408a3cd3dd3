#include "inspect/isolation.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/process_tables.hpp"
#include "inspect/status_file.hpp"
#include "inspect/visit.hpp"
#include "mount/mountinfo.hpp"
#include "ns/kinds.hpp"
#include "security/capabilities.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

std::string read(const std::string& path) { return sys::read_file(sys::kCwd, path.c_str()).or_throw("read ", path); }
std::string link(const std::string& path) { return sys::read_link(sys::kCwd, path.c_str()).or_throw("read link ", path); }

std::string padded(std::string_view word, std::size_t width) {
  std::string out(word);
  if (out.size() < width) out.append(width - out.size(), ' ');
  return out;
}

std::string namespaces(pid_t pid, std::uint64_t& differing) {
  std::string out = "namespaces        inside             outside\n";
  for (const ns::Kind& kind : ns::kKinds) {
    const std::string inside = link(text::join("/proc/", pid, "/ns/", kind.proc));
    const std::string outside = link(text::join("/proc/self/ns/", kind.proc));
    const bool own = inside != outside;
    if (own) differing |= kind.flag;
    const auto number = [](const std::string& id) { return id.substr(id.find('[') + 1, id.rfind(']') - id.find('[') - 1); };
    out += text::join("  ", padded(kind.oci, 16), padded(number(inside), 19), padded(number(outside), 19),
                      own ? "own " : "shared with the host: ", kind.isolates, "\n");
  }
  return out;
}

std::string maps(pid_t pid) {
  std::string out;
  for (const auto& [name, file] : {std::pair{"users", "uid_map"}, std::pair{"groups", "gid_map"}})
    for (const spec::IdMapping& range : parse_id_map(read(text::join("/proc/", pid, "/", file))))
      out += text::join("  ", padded(name, 8), range.container_id, " inside is ", range.host_id, " outside, ", range.size,
                        " ids\n");
  return "id maps\n" + out;
}

std::string privileges(pid_t pid) {
  const StatusFile status = parse_status(read(text::join("/proc/", pid, "/status")));
  const std::string effective = text::join_with(security::capability_names(status.capabilities.effective), " ");
  return text::join("capabilities\n  ", effective.empty() ? "none" : effective, "\nno_new_privs      ",
                    status.no_new_privs.value_or(false) ? "yes" : "no", "\nseccomp filters   ",
                    status.seccomp_filters.value_or(0), "\n");
}

std::string processes_seen() {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY).or_throw("open /proc");
  std::string pids;
  std::size_t count = 0;
  for (const sys::DirEntry& entry : sys::list_dir(proc.borrow()).or_throw("list /proc")) {
    if (!text::parse_number<pid_t>(entry.name)) continue;
    ++count;
    pids += " " + entry.name;
  }
  return text::join("processes seen    ", count, ":", pids, "\n");
}

std::string mounts_seen() {
  const std::vector<mount::MountInfo> all = mount::parse_mountinfo(read("/proc/1/mountinfo"));
  std::string out = text::join("mounts            ", all.size(), "\n");
  for (const mount::MountInfo& one : all) out += text::join("  ", padded(one.mount_point, 24), " ", one.type, "\n");
  return out;
}

std::string network_seen() {
  std::string out = "network devices  ";
  const std::string table = read("/proc/1/net/dev");
  for (const std::string_view line : text::split(table, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) out += text::join(" ", text::trim(line.substr(0, colon)));
  }
  return out + "\n";
}

// Runs in a process that has joined the container.
std::string look_from_inside() {
  const sys::HostName names = sys::host_name().or_throw("read the host name");
  return text::join("host name         ", names.node, "\n", processes_seen(), network_seen(), mounts_seen());
}

std::string ask_inside(const sys::Pidfd& process, std::uint64_t namespaces) {
  constexpr std::uint64_t kOnlyForChildren = 0x20000000;  // pid: its procfs already shows it
  const auto look = [&]() -> VisitReport {
    try {
      if (const std::uint64_t joined = namespaces & ~kOnlyForChildren; joined != 0)
        sys::set_namespace(process.borrow(), joined).or_throw("join the container");
      return {look_from_inside(), {}};
    } catch (const Error& error) {
      return {text::join("(not seen: ", error.message(), ")\n"), {}};
    }
  };
  return visit(look).text;
}

}  // namespace

std::string isolation_report(pid_t pid, const sys::Pidfd& process) {
  std::uint64_t differing = 0;
  std::string out = namespaces(pid, differing);
  out += maps(pid);
  out += privileges(pid);
  const sys::HostName outside = sys::host_name().or_throw("read the host name");
  out += text::join("host name outside ", outside.node, "\n");
  return out + ask_inside(process, differing);
}

}  // namespace caisson::inspect
