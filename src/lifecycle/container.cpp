#include "lifecycle/container.hpp"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "host/facts.hpp"
#include "sys/process.hpp"

namespace caisson::lifecycle {

namespace {

bool may_be_frozen(state::Status status) { return status == state::Status::Created || status == state::Status::Running; }

}  // namespace

cgroup::LiveCgroup cgroup_of(const std::vector<state::CgroupRecord>& records) {
  std::vector<cgroup::Place> places;
  places.reserve(records.size());
  for (const state::CgroupRecord& record : records) places.push_back({record.mount_point, record.path, record.controllers});
  return cgroup::LiveCgroup(std::move(places));
}

std::vector<state::CgroupRecord> records_of(const std::vector<cgroup::Place>& places) {
  std::vector<state::CgroupRecord> records;
  records.reserve(places.size());
  for (const cgroup::Place& place : places) records.push_back({place.mount_point, place.path, place.controllers});
  return records;
}

cgroup::LiveCgroup Container::cgroup() const {
  if (record) return cgroup_of(record->cgroups);
  if (intent) return cgroup_of(intent->cgroups);
  return cgroup::LiveCgroup({});
}

bool Container::has_own_pid_namespace() const noexcept {
  return record && std::ranges::any_of(record->namespaces, [](const state::NamespaceRecord& ns) {
           return ns.type == spec::NamespaceType::Pid && ns.path.empty();
         });
}

Container read_container(state::ContainerFile&& file, std::string_view boot_id) {
  std::optional<state::Record> record = file.read_record();
  std::optional<state::Intent> intent;
  if (!record) intent = file.read_intent();
  state::Live live = state::live_status(file, record, boot_id);
  if (may_be_frozen(live.status)) live.status = state::with_freezer(live.status, cgroup_of(record->cgroups).is_frozen());
  return {std::move(file), std::move(record), std::move(intent), std::move(live)};
}

Container open_container(const Context& context, std::string_view id, Locking locking) {
  const std::optional<state::StateRoot> root = state::StateRoot::open(context.state_root);
  if (!root) {
    state::check_container_id(id);
    state::throw_container_missing(id);
  }
  state::ContainerFile file = root->open_container(id);
  if (locking == Locking::Exclusive) file.lock();
  return read_container(std::move(file), host::read_boot_id());
}

void require_made(const Container& container, std::string_view name) {
  if (container.live.status == state::Status::Creating)
    throw Error(ErrorKind::State, text::join("container ", name, " is still being created"));
}

spec::State state_of(const Container& container) {
  spec::State out;
  out.oci_version = spec::kSpecVersion;
  out.id = container.id();
  out.status = state::status_name(container.live.status);
  if (!container.record) {
    if (container.intent) out.bundle = container.intent->bundle;
    return out;
  }
  const state::Record& record = *container.record;
  if (container.live.init) out.pid = record.init.pid;
  out.bundle = record.bundle;
  out.rootfs = record.rootfs;
  out.created = record.created;
  out.annotations = record.annotations;
  return out;
}

void kill_and_wait(const Container& container) {
  // The pidfd first: without a cgroup it is all there is, and with one it spares the search in the common case.
  if (container.live.init) {
    const sys::SysStatus sent = sys::send_signal(*container.live.init, SIGKILL);
    if (!sent.ok() && sent.err() != ESRCH) {
      throw Error(ErrorKind::Kernel, text::join("kill the first process of container ", container.id()), sent.err());
    }
  }
  container.cgroup().signal_all(SIGKILL);
  if (!container.live.init) return;
  constexpr int kPatienceMs = 10'000;
  const auto ended = sys::wait_readable(container.live.init->borrow(), kPatienceMs).or_throw("wait for the container's end");
  if (ended == sys::Readiness::TimedOut) {
    throw Error(ErrorKind::State, text::join("container ", container.id(), " is still running ten seconds after SIGKILL"))
        .with_hint(text::join("its first process, ", container.record->init.pid, ", hangs in the kernel: see /proc/",
                              container.record->init.pid, "/stack"));
  }
}

}  // namespace caisson::lifecycle
