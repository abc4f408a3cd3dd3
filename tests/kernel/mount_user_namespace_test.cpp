#include <csignal>

#include "kernel/mount_fixture.hpp"
#include "mount/attach.hpp"
#include "sys/mount.hpp"

namespace caisson::test {
namespace {

TEST(MountAttachInUserNamespace, BindsTheHostsSysfsWithoutANetworkNamespace) {
  EXPECT_PASSES(in_namespaces(
      As::User,
      [] {
        const sys::RootDir root = fresh_root();
        put(root, entry("/sys", "sysfs", "sysfs", {"nosuid"}), As::User, false);
        CHECK_SAME(mount_at("/tmp/root/sys").type, "sysfs");
        CHECK_THAT(mount_at("/tmp/root/sys").options.starts_with("ro,nosuid,nodev,noexec"));
      },
      kAllNamespaces & ~static_cast<unsigned>(CLONE_NEWNET)));
}

TEST(MountAttachInUserNamespace, ExplainsAForbiddenProcfs) {
  EXPECT_PASSES(in_namespaces(
      As::User,
      [] {
        const sys::RootDir root = fresh_root();
        CHECK_THAT(contains(error_of([&] { put(root, entry("/proc", "proc", "proc"), As::User); }), "mount too revealing"));
      },
      kAllNamespaces & ~static_cast<unsigned>(CLONE_NEWPID)));
}

TEST(MountAttachInUserNamespace, MayNotLiftARestrictionOfTheHost) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    make_dir("/tmp/locked");
    sys::mount("tmpfs", "/tmp/locked", "tmpfs", MS_RDONLY | MS_NOSUID, "").or_throw("mount");
    rethrow(in_child([] {
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) throw Skipped{"no user namespace"};
      write_text("/proc/self/uid_map", "0 0 1");
      const sys::RootDir root = fresh_root();
      put(root, entry("/kept", "bind", "/tmp/locked", {"bind", "noexec"}), As::User);
      CHECK_THAT(mount_at("/tmp/root/kept").options.starts_with("ro,nosuid,noexec"));
      const std::string refused = error_of([&] { put(root, entry("/x", "bind", "/tmp/locked", {"bind", "rw"}), As::User); });
      CHECK_THAT(contains(refused, "may not lift"));
    }));
  }));
}

TEST(MountAttachWithIdMap, ShowsOtherOwners) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    make_dir("/tmp/source");
    make_file("/tmp/source/file", "x");
    const auto ready = sys::make_pipe().or_throw("make a pipe");
    const pid_t holder = ::fork();
    if (holder == 0) {
      if (::unshare(CLONE_NEWUSER) != 0) ::_exit(1);
      static_cast<void>(sys::write_full(ready.write.borrow(), "r"));
      ::pause();
      ::_exit(0);
    }
    char byte = 0;
    static_cast<void>(sys::read_some(ready.read.borrow(), &byte, 1));
    const sys::RootDir root = fresh_root();
    sys::mount("proc", "/proc", "proc", 0, nullptr).or_throw("mount proc");
    write_text(text::join("/proc/", holder, "/uid_map").c_str(), "0 5000 10");
    write_text(text::join("/proc/", holder, "/gid_map").c_str(), "0 6000 10");
    const auto userns =
        sys::open_at(sys::kCwd, text::join("/proc/", holder, "/ns/user").c_str(), O_RDONLY).or_throw("open userns");
    auto mount = entry("/d", "bind", "/tmp/source", {"bind", "idmap"});
    mount.uid_mappings = {{.container_id = 0, .host_id = 5000, .size = 10}};
    mount.gid_mappings = {{.container_id = 0, .host_id = 6000, .size = 10}};
    const auto step = steps_of(mount, As::Root).front();
    CHECK_THAT(contains(error_of([&] { mount::open_source(step); }), "no user namespace"));
    mount::attach(step, root, mount::open_source(step, userns.borrow()));
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/root/d/file").value().uid, 5000U);
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/root/d/file").value().gid, 6000U);
    ::kill(holder, SIGKILL);
    ::waitpid(holder, nullptr, 0);
  }));
}

TEST(MountAttachFromTheParent, PreparedSourcesReachAUserNamespace) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    make_dir("/tmp/source", 0700);
    make_file("/tmp/source/file", "x");
    const auto step = steps_of(entry("/d", "bind", "/tmp/source", {"rbind", "ro"}), As::User).front();
    mount::BindSource source = mount::open_source(step);
    rethrow(in_child([&] {
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) throw Skipped{"no user namespace"};
      write_text("/proc/self/uid_map", "0 0 1");
      const sys::RootDir root = fresh_root();
      mount::attach(step, root, std::move(source));
      CHECK_SAME(errno_of_writing("/tmp/root/d/x"), EROFS);
      CHECK_SAME(read_text("/tmp/root/d/file"), "x");
    }));
  }));
}

}  // namespace
}  // namespace caisson::test
