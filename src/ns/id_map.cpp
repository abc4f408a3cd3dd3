#include "ns/id_map.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::ns {
namespace {

bool maps_only(const std::vector<spec::IdMapping>& map, std::uint32_t own_id) {
  return map.size() == 1 && map.front().size == 1 && map.front().host_id == own_id;
}

void write_map_file(sys::BorrowedFd proc, pid_t process, const char* file, const std::string& map) {
  const std::string path = text::join(process, '/', file);
  const auto written = sys::write_file(proc, path.c_str(), map);
  if (written.ok()) return;
  throw Error(ErrorKind::Kernel, text::join("write ", file, " of process ", process), written.err())
      .with_hint("host ids outside your own need CAP_SETUID and CAP_SETGID, or a range in /etc/subuid and /etc/subgid");
}

// newuidmap PID INSIDE OUTSIDE COUNT [...]: man 1 newuidmap.
void run_map_program(const std::string& program, pid_t process, const std::vector<spec::IdMapping>& map) {
  std::vector<std::string> words{program, text::join(process)};
  for (const spec::IdMapping& line : map)
    for (const std::uint32_t number : {line.container_id, line.host_id, line.size}) words.push_back(text::join(number));
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  argv.push_back(nullptr);
  const char* const no_environment[] = {nullptr};

  const sys::Cloned child = sys::clone_with_pidfd().or_throw("start ", program);
  if (child.pid == 0) {
    const auto refused = sys::execute(program.c_str(), argv.data(), no_environment);
    sys::exit_now(refused.err() == 0 ? 126 : 127);
  }
  const auto status = sys::wait_for(child.process).or_throw("wait for ", program);
  if (status.as_shell() != 0)
    throw Error(ErrorKind::Host, text::join(text::join_with(words, " "), " failed with status ", status.as_shell()))
        .with_hint("the ranges must be listed for this user in /etc/subuid and /etc/subgid");
}

}  // namespace

std::string map_text(const std::vector<spec::IdMapping>& map) {
  std::string all;
  for (const spec::IdMapping& line : map) all += text::join(line.container_id, ' ', line.host_id, ' ', line.size, '\n');
  return all;
}

IdMapPlan plan_id_maps(const std::vector<spec::IdMapping>& uids, const std::vector<spec::IdMapping>& gids,
                       const MapWriter& writer) {
  IdMapPlan plan{
      .method = MapMethod::Write, .uids = uids, .gids = gids, .newuidmap = writer.newuidmap, .newgidmap = writer.newgidmap};
  if (plan.empty() || writer.privileged) return plan;
  if (maps_only(uids, writer.uid) && maps_only(gids, writer.gid)) {
    plan.method = MapMethod::WriteAndDenySetgroups;
    return plan;
  }
  if (writer.newuidmap.empty() || writer.newgidmap.empty())
    throw Error(ErrorKind::Host, "map user and group ids: newuidmap and newgidmap were not found in /usr/bin")
        .with_hint("install the package uidmap, or map only your own id (one line of size 1)");
  plan.method = MapMethod::Programs;
  return plan;
}

void write_maps(const IdMapPlan& plan, sys::BorrowedFd proc, pid_t process) {
  if (plan.empty()) return;
  if (plan.method == MapMethod::Programs) {
    run_map_program(plan.newuidmap, process, plan.uids);
    run_map_program(plan.newgidmap, process, plan.gids);
    return;
  }
  if (plan.method == MapMethod::WriteAndDenySetgroups) write_map_file(proc, process, "setgroups", "deny");
  write_map_file(proc, process, "uid_map", map_text(plan.uids));
  write_map_file(proc, process, "gid_map", map_text(plan.gids));
}

}  // namespace caisson::ns
