#include "cgroup/guard.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cgroup/directory.hpp"
#include "cgroup/live.hpp"
#include "sys/bpf.hpp"

namespace caisson::cgroup {
namespace {

constexpr mode_t kDirectoryMode = 0755;

bool is_denial(int error) { return error == EACCES || error == EPERM || error == EROFS || error == ENOENT; }

void refuse_occupied_directory(sys::BorrowedFd directory, const Place& place) {
  std::vector<pid_t> pids;
  collect_pids(directory, pids).or_throw("list the processes of cgroup ", place.directory());
  if (!pids.empty())
    throw Error(ErrorKind::State,
                text::join("container's cgroup is not empty: ", pids.size(), " process(es) found in ", place.directory()))
        .with_hint("give the container a linux.cgroupsPath of its own");
  if (frozen_in(directory, place.is_v2()))
    throw Error(ErrorKind::State, text::join("container's cgroup unexpectedly frozen: ", place.directory()))
        .with_hint("thaw it first: a process started in it would never run");
}

// A new v1 cpuset is empty, and no process can enter it before it has processors and memory nodes.
void inherit_cpuset(sys::BorrowedFd parent, sys::BorrowedFd child, const Place& place) {
  for (const char* file : {"cpuset.cpus", "cpuset.mems"}) {
    const std::string own = sys::read_file(child, file).or_throw("read ", file, " of ", place.directory());
    if (!text::trim(own).empty()) continue;
    const std::string inherited = sys::read_file(parent, file).or_throw("read ", file, " above ", place.directory());
    sys::write_file(child, file, text::trim(inherited)).or_throw("write ", file, " of ", place.directory());
  }
}

void write_device_rules(sys::BorrowedFd directory, const Place& place, const CgroupPlan& plan) {
  for (const DeviceWrite& write : plan.device_writes) {
    const char* file = write.allow ? "devices.allow" : "devices.deny";
    const auto written = sys::write_file(directory, file, write.line);
    if (written.err() == EPERM && plan.ignore_denied_devices) return;
    if (!written.ok())
      throw Error(ErrorKind::Kernel, text::join("write \"", write.line, "\" to ", place.directory(), "/", file), written.err());
  }
}

void attach_program(sys::BorrowedFd directory, const Place& place, const CgroupPlan& plan) {
  auto program = sys::load_device_program(plan.device_program);
  if (program.err() == EPERM && plan.ignore_denied_devices) return;
  const sys::UniqueFd loaded = std::move(program).or_throw("load the device program of cgroup ", place.directory());
  const auto attached = sys::attach_device_program(directory, loaded.borrow());
  if (attached.err() == EPERM && plan.ignore_denied_devices) return;
  if (!attached.ok())
    throw Error(ErrorKind::Kernel, text::join("attach the device program to cgroup ", place.directory()), attached.err());
}

struct Level {
  sys::UniqueFd directory;
  bool made = false;
};

// The place without the last `rest` of its path.
Place level_above(const Place& place, std::string_view rest) {
  Place level{place.mount_point, place.path.substr(0, place.path.size() - rest.size()), place.controllers};
  if (!rest.empty()) level.path.pop_back();  // the slash before it
  return level;
}

}  // namespace

void refuse_occupied(const CgroupPlan& plan) {
  for (const Place& place : plan.places()) {
    const auto directory = open_place(place);
    if (directory.ok())
      refuse_occupied_directory(directory.value().borrow(), place);
    else if (!is_denial(directory.err()))
      throw Error(ErrorKind::Kernel, text::join("open cgroup ", place.directory()), directory.err());
  }
}

CgroupGuard CgroupGuard::create(const CgroupPlan& plan) {
  CgroupGuard guard;
  for (const Place& place : plan.places()) guard.create_place(place, plan.ignore_denied);
  return guard;
}

CgroupGuard::~CgroupGuard() { static_cast<void>(roll_back()); }

void CgroupGuard::create_place(const Place& place, bool ignore_denied) {
  auto mount = sys::open_at(sys::kCwd, place.mount_point.c_str(), O_PATH | O_DIRECTORY);
  if (!mount.ok() && ignore_denied && is_denial(mount.err())) return;
  Level level{std::move(mount).or_throw("open cgroup mount ", place.mount_point), false};
  const bool cpuset = place.has_controller("cpuset");
  std::string_view rest = place.path;
  // Most parents exist: they are passed in one step. A cpuset parent may exist and yet be empty.
  if (const std::size_t slash = rest.rfind('/'); slash != std::string_view::npos && !cpuset) {
    auto parent = open_below(level.directory.borrow(), std::string(rest.substr(0, slash)).c_str());
    if (parent.ok()) {
      level.directory = std::move(parent).value();
      rest.remove_prefix(slash + 1);
    }
  }
  while (!rest.empty()) {
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const auto made = sys::make_dir(level.directory.borrow(), name.c_str(), kDirectoryMode);
    // Before the next call, which may fail.
    if (made.ok()) made_.push_back(level_above(place, rest));
    auto entered = made.ok() || made.err() == EEXIST ? open_below(level.directory.borrow(), name.c_str())
                                                     : sys::SysResult<sys::UniqueFd>::failed(made.err());
    if (!entered.ok() && ignore_denied && is_denial(entered.err())) return;
    Level next{std::move(entered).or_throw("make cgroup ", place.directory()), made.ok()};
    if (cpuset) inherit_cpuset(level.directory.borrow(), next.directory.borrow(), place);
    level = std::move(next);
  }
  if (!level.made) refuse_occupied_directory(level.directory.borrow(), place);
  if (place.is_v2())
    v2_ = Opened{place, std::move(level.directory)};
  else
    v1_.push_back({place, std::move(level.directory)});
}

std::optional<sys::BorrowedFd> CgroupGuard::v2() const noexcept {
  if (!v2_) return std::nullopt;
  return v2_->directory.borrow();
}

void enter_v1_cgroup(sys::BorrowedFd directory, const Place& place) {
  sys::write_file(directory, "tasks", "0").or_throw("enter cgroup ", place.directory());
}

void CgroupGuard::enter_v1() const {
  for (const auto& [place, directory] : v1_) enter_v1_cgroup(directory.borrow(), place);
}

void CgroupGuard::join_v2(pid_t pid) const {
  if (!v2_) return;
  sys::write_file(v2_->directory.borrow(), "cgroup.procs", text::join(pid))
      .or_throw("put process ", pid, " into cgroup ", v2_->place.directory());
}

void CgroupGuard::limit_devices(const CgroupPlan& plan) const {
  for (const Opened& each : v1_)
    if (each.place.has_controller("devices")) write_device_rules(each.directory.borrow(), each.place, plan);
  if (v2_ && !plan.device_program.empty()) attach_program(v2_->directory.borrow(), v2_->place, plan);
}

bool CgroupGuard::limits_devices_at_once(const CgroupPlan& plan) const noexcept {
  return v2_ && !plan.device_program.empty() && plan.device_writes.empty();
}

std::vector<Place> CgroupGuard::places() const {
  std::vector<Place> all;
  if (v2_) all.push_back(v2_->place);
  for (const Opened& each : v1_) all.push_back(each.place);
  return all;
}

void CgroupGuard::close() noexcept {
  if (v2_) v2_->directory.reset();
  for (Opened& each : v1_) each.directory.reset();
}

// Innermost first. A level above the container's own is left when another container has moved in meanwhile; what cannot be
// removed otherwise stays for delete, which finds it in the intent record.
bool CgroupGuard::roll_back() noexcept {
  const std::vector<Place> own = made_.empty() ? std::vector<Place>() : places();
  close();
  bool all = true;
  for (; !made_.empty(); made_.pop_back()) {
    const Place& level = made_.back();
    const bool is_own = std::ranges::any_of(own, [&](const Place& each) { return each.directory() == level.directory(); });
    const auto removed = is_own ? remove_tree(level) : remove_level(level);
    all = all && (removed.ok() || !is_own);
  }
  return all;
}

}  // namespace caisson::cgroup
