#include "check/trials.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cgroup/device_program.hpp"
#include "check/children.hpp"
#include "check/mount_trials.hpp"
#include "ns/id_map.hpp"
#include "sys/bpf.hpp"
#include "sys/file.hpp"
#include "sys/seccomp.hpp"

namespace caisson::check {
namespace {

constexpr uid_t kNobody = 65534;

std::uint64_t flag_of(ns::Type type) { return ns::kind_of(type).flag; }

// Forbidden things are forbidden to a process without capabilities. Its id changed, so it has to be dumpable again: else its
// files in /proc, id maps among them, belong to root.
int become_nobody() {
  if (const auto set = sys::set_groups({}); !set.ok()) return set.err();
  if (const auto set = sys::set_group(kNobody); !set.ok()) return set.err();
  if (const auto set = sys::set_user(kNobody); !set.ok()) return set.err();
  return sys::process_control(PR_SET_DUMPABLE, 1).err();
}

int map_own_ids(uid_t uid, gid_t gid) {
  const auto write = [](const char* path, const std::string& text) { return sys::write_file(sys::kCwd, path, text).err(); };
  if (const int error = write("/proc/self/setgroups", "deny"); error != 0) return error;
  if (const int error = write("/proc/self/uid_map", text::join("0 ", uid, " 1")); error != 0) return error;
  return write("/proc/self/gid_map", text::join("0 ", gid, " 1"));
}

enum class Where : std::uint8_t { Alone, InUser };

// A kind after the other in one process: that one is refused does not touch the next.
void try_kinds(const SharedAttempts& attempts, Where where) {
  for (const ns::Type type :
       {ns::Type::Mount, ns::Type::Ipc, ns::Type::Uts, ns::Type::Network, ns::Type::Cgroup, ns::Type::Time})
    attempts.record(trial_of(type), [&] { return sys::unshare(flag_of(type)).err(); });
  if (attempts.works(Trial::Mount)) {
    attempts.record(Trial::IdmapTmpfs, idmap_tmpfs);
    if (where == Where::Alone) attempts.record(Trial::IdmapRoot, idmap_root);
  }
  // Last: only the next child is in it, and when that ends there can be no further one.
  attempts.record(Trial::Pid, [] { return sys::unshare(flag_of(ns::Type::Pid)).err(); });
  if (!attempts.works(Trial::Mount)) return;
  static_cast<void>(in_child([&] {
    try_mounts(attempts, where == Where::InUser);
    return 0;
  }));
}

Attempts try_alone() {
  const SharedAttempts attempts;
  const Attempt end = in_child([&] {
    try_kinds(attempts, Where::Alone);
    return 0;
  });
  Attempts all = attempts.read(end.signal);
  all[Trial::UserNamespace] = in_child([] { return sys::unshare(flag_of(ns::Type::User)).err(); });
  return all;
}

Attempts try_in_user(const TrialGround& ground, uid_t& tried_as) {
  const SharedAttempts attempts;
  const Attempt end = in_child([&] {
    if (ground.real_root) attempts.record(Trial::BecomeOrdinary, become_nobody);
    const uid_t uid = sys::effective_uid();
    const gid_t gid = sys::effective_gid();
    if (!attempts.record(Trial::UserNamespace, [] { return sys::unshare(flag_of(ns::Type::User)).err(); })) return 0;
    if (attempts.record(Trial::MapIds, [&] { return map_own_ids(uid, gid); })) try_kinds(attempts, Where::InUser);
    return 0;
  });
  const Attempts all = attempts.read(end.signal);
  tried_as = all[Trial::BecomeOrdinary].works() ? kNobody : ground.uid;
  return all;
}

// How many user namespaces fit into each other: the kernel allows 32 below the first (33 from 3.8 on: man 7 user_namespaces).
Attempt try_nesting(const TrialGround& ground, unsigned& levels) {
  const sys::SharedPage count = sys::SharedPage::make().or_throw("share a page with a child");
  const Attempt end = in_child([&] {
    constexpr unsigned kEnough = 40;
    if (ground.real_root) static_cast<void>(become_nobody());
    uid_t uid = sys::effective_uid();
    gid_t gid = sys::effective_gid();
    for (unsigned level = 0; level < kEnough; ++level) {
      if (const auto made = sys::unshare(flag_of(ns::Type::User)); !made.ok()) return made.err();
      if (const int error = map_own_ids(uid, gid); error != 0) return error;
      count.word(0).store(level + 1);
      uid = gid = 0;
    }
    return 0;
  });
  levels = count.word(0).load();
  return end;
}

Attempt try_seccomp(bool with_listener) {
  return in_child([&] {
    const sock_filter allow{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    if (const auto set = sys::process_control(PR_SET_NO_NEW_PRIVS, 1); !set.ok()) return set.err();
    if (with_listener) return sys::load_seccomp_filter_with_listener({&allow, 1}, 0).err();
    return sys::load_seccomp_filter({&allow, 1}, 0).err();
  });
}

Attempt try_clone_into(const std::string& directory) {
  const auto opened = sys::open_at(sys::kCwd, directory.c_str(), O_PATH | O_DIRECTORY);
  if (!opened.ok()) return {.error = opened.err(), .signal = 0};
  const auto child = sys::clone_with_pidfd(0, opened.value().borrow());
  if (!child.ok()) return {.error = child.err(), .signal = 0};
  if (child.value().pid == 0) sys::exit_now(0);
  return {.error = sys::wait_for(child.value().process).err(), .signal = 0};
}

// newuidmap and newgidmap for real, on a child in a user namespace that nobody else sees; what they say to stderr is not ours.
Attempt try_ranges(const TrialGround& ground) {
  const Subordinates& ids = ground.subordinates;
  if (ids.uids.empty() || ids.gids.empty() || ids.newuidmap.path.empty() || ids.newgidmap.path.empty()) return {};
  return in_child([&] {
    const auto nowhere = sys::open_at(sys::kCwd, "/dev/null", O_RDWR).or_throw("open /dev/null");
    sys::duplicate_onto(nowhere.borrow(), 2).or_throw("silence standard error");
    const auto map = [](std::uint32_t own, const host::IdRange& range) {
      return std::vector<spec::IdMapping>{{.container_id = 0, .host_id = own, .size = 1},
                                          {.container_id = 1, .host_id = range.first, .size = range.count}};
    };
    const ns::IdMapPlan plan{.method = ns::MapMethod::Programs,
                             .uids = map(ground.uid, ids.uids.front()),
                             .gids = map(ground.gid, ids.gids.front()),
                             .newuidmap = ids.newuidmap.path,
                             .newgidmap = ids.newgidmap.path};
    MappedChild child;
    return child.start([&](pid_t pid) {
      const auto proc = sys::open_at(sys::kCwd, "/proc", O_PATH | O_DIRECTORY).or_throw("open /proc");
      ns::write_maps(plan, proc.borrow(), pid);
    });
  });
}

Attempt try_device_program() {
  const sys::BpfInstruction allow_all[] = {{.code = 0xb7, .registers = 0, .offset = 0, .immediate = 1}, {.code = 0x95}};
  return {.error = sys::load_device_program(allow_all).err(), .signal = 0};
}

}  // namespace

Trials run_trials(const TrialGround& ground) {
  Trials trials;
  trials.alone = try_alone();
  trials.in_user = try_in_user(ground, trials.in_user_uid);
  if (trials.in_user[Trial::MapIds].works()) trials.nesting_end = try_nesting(ground, trials.nesting);
  trials.seccomp_filter = try_seccomp(false);
  if (trials.seccomp_filter.works()) trials.seccomp_listener = try_seccomp(true);
  if (!ground.cgroup.empty()) trials.clone_into_cgroup = try_clone_into(ground.cgroup);
  if (ground.real_root && !ground.cgroup.empty()) trials.device_program = try_device_program();
  if (ground.uid != 0 && trials.in_user[Trial::MapIds].works()) trials.map_ranges = try_ranges(ground);
  return trials;
}

}  // namespace caisson::check
