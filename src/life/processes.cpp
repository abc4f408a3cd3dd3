#include "life/processes.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/namespace_relations.hpp"

namespace caisson::life {
namespace {

std::string link_of(pid_t pid) { return text::join("/proc/", pid, "/ns/pid"); }

// Whether a pid namespace is that one, or lies below it.
class PidNamespace {
 public:
  explicit PidNamespace(pid_t first) {
    auto opened = sys::open_namespace_file(sys::kCwd, link_of(first).c_str());
    if (opened.ok()) own_ = std::move(opened).value();
  }

  bool holds(pid_t pid) {
    const std::string link = link_of(pid);
    const auto name = sys::read_link(sys::kCwd, link.c_str());
    if (!name.ok()) return false;  // it has ended, or is somebody else's
    const auto known = std::ranges::find(seen_, name.value(), &Seen::name);
    if (known != seen_.end()) return known->inside;
    const bool inside = is_inside(link);
    seen_.push_back({name.value(), inside});
    return inside;
  }

 private:
  struct Seen {
    std::string name;  // "pid:[4026531836]"
    bool inside;
  };

  bool is_inside(const std::string& link) const {
    auto one = sys::open_namespace_file(sys::kCwd, link.c_str());
    while (own_ && one.ok()) {
      if (sys::same_namespace(one.value().borrow(), own_->borrow()).value_or(false)) return true;
      one = sys::parent_namespace(one.value().borrow());
    }
    return false;
  }

  std::optional<sys::NamespaceFd> own_;
  std::vector<Seen> seen_;
};

}  // namespace

std::vector<pid_t> processes_of(const lifecycle::Container& container) {
  const cgroup::LiveCgroup cgroup = container.cgroup();
  if (!cgroup.places().empty()) return cgroup.pids();
  if (!container.live.init) return {};
  const pid_t first = container.record->init.pid;
  if (!container.has_own_pid_namespace()) return {first};
  std::vector<pid_t> pids;
  PidNamespace inside(first);
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY).or_throw("open /proc");
  for (const sys::DirEntry& entry : sys::list_dir(proc.borrow()).or_throw("list /proc"))
    if (const auto pid = text::parse_number<pid_t>(entry.name); pid && inside.holds(*pid)) pids.push_back(*pid);
  std::ranges::sort(pids);
  return pids;
}

}  // namespace caisson::life
