#include "mount/attach.hpp"

#include "kernel/mount_fixture.hpp"
#include "sys/mount.hpp"
#include "sys/tree.hpp"

namespace caisson::test {
namespace {

class MountAttach : public Both {};
INSTANTIATE_TEST_SUITE_P(Each, MountAttach, testing::Values(As::Root, As::User), name_of);

TEST_P(MountAttach, MountsTheDefaultFilesystems) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    put(root, entry("/proc", "proc", "proc"), as);
    put(root, entry("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}), as);
    put(root, entry("/dev/pts", "devpts", "devpts", {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}), as);
    put(root, entry("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}), as);
    put(root, entry("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}), as);
    put(root, entry("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}), as);
    CHECK_SAME(mount_at("/tmp/root/proc").type, "proc");
    CHECK_THAT(contains(mount_at("/tmp/root/dev").options, "nosuid"));
    CHECK_THAT(!contains(mount_at("/tmp/root/dev").options, "relatime"));
    CHECK_SAME(mount_at("/tmp/root/dev").source, "tmpfs");
    CHECK_THAT(contains(mount_at("/tmp/root/dev").super_options, "size=65536k"));
    CHECK_SAME(mount_at("/tmp/root/dev/shm").source, "shm");
    CHECK_SAME(mount_at("/tmp/root/dev/mqueue").type, "mqueue");
    CHECK_THAT(mount_at("/tmp/root/sys").options.starts_with("ro,nosuid,nodev,noexec"));
  }));
}

TEST_P(MountAttach, BindsReadOnlyFromTheFirstMoment) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/source");
    make_file("/tmp/source/file", "text");
    const sys::RootDir root = fresh_root();
    put(root, entry("/a/b/data", "bind", "/tmp/source", {"bind", "ro", "nosuid"}), as);
    put(root, entry("/etc/name", "bind", "source/file", {"bind"}), as);
    CHECK_SAME(errno_of_writing("/tmp/root/a/b/data/new"), EROFS);
    CHECK_SAME(errno_of_writing("/tmp/source/new"), 0);
    CHECK_SAME(read_text("/tmp/root/etc/name"), "text");
    CHECK_THAT(mount_at("/tmp/root/a/b/data").options.starts_with("ro,nosuid"));
  }));
}

TEST_P(MountAttach, TellsTheTreeFromTheMount) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/source");
    make_dir("/tmp/source/sub");
    sys::mount("tmpfs", "/tmp/source/sub", "tmpfs", 0, "").or_throw("mount");
    const sys::RootDir root = fresh_root();
    put(root, entry("/top", "bind", "/tmp/source", {"rbind", "ro"}), as);
    put(root, entry("/all", "bind", "/tmp/source", {"rbind", "rro", "noexec"}), as);
    put(root, entry("/bare", "bind", "/tmp/source", {"bind"}), as);
    CHECK_SAME(errno_of_writing("/tmp/root/top/x"), EROFS);
    CHECK_SAME(errno_of_writing("/tmp/root/top/sub/x"), 0);
    CHECK_SAME(errno_of_writing("/tmp/root/all/x"), EROFS);
    CHECK_SAME(errno_of_writing("/tmp/root/all/sub/y"), EROFS);
    CHECK_THAT(contains(mount_at("/tmp/root/all").options, "noexec"));
    CHECK_THAT(!contains(mount_at("/tmp/root/all/sub").options, "noexec"));
    CHECK_SAME(errno_of_writing("/tmp/root/bare/sub/z"), 0);
    CHECK_SAME(errno_of_writing("/tmp/source/sub/z"), 0);
    CHECK_THAT(!sys::status_at(sys::kCwd, "/tmp/root/bare/sub/x").ok());
  }));
}

TEST_P(MountAttach, SetsPropagationAfterwards) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/source");
    const sys::RootDir root = fresh_root();
    put(root, entry("/s", "bind", "/tmp/source", {"bind", "shared"}), as);
    put(root, entry("/u", "tmpfs", "tmpfs", {"unbindable"}), as);
    put(root, entry("/p", "tmpfs", "tmpfs", {"shared", "rslave"}), as);
    CHECK_THAT(mount_at("/tmp/root/s").shared.has_value());
    CHECK_THAT(mount_at("/tmp/root/u").unbindable);
    CHECK_SAME(mount::propagation_of_mount(mount_at("/tmp/root/p")), "private");  // a slave of nobody
  }));
}

TEST_P(MountAttach, SealsTmpfsAtTheEnd) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    const auto step = steps_of(entry("/run", "tmpfs", "tmpfs", {"ro"}), as).front();
    const sys::MountFd mount = mount::attach(step, root);
    CHECK_SAME(errno_of_writing("/tmp/root/run/x"), 0);
    mount::finish_readonly(step, mount);
    CHECK_SAME(errno_of_writing("/tmp/root/run/y"), EROFS);
  }));
}

TEST_P(MountAttach, TmpfsTakesTheModeOfItsTarget) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/old");
    ::chmod("/tmp/root/old", 01750);
    put(root, entry("/old", "tmpfs", "tmpfs"), as);
    put(root, entry("/new", "tmpfs", "tmpfs"), as);
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/root/old").value().mode & 07777U, 01750U);
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/root/new").value().mode & 07777U, 01777U);
  }));
}

TEST_P(MountAttach, CopiesUpWhatATmpfsCovers) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/etc");
    make_dir("/tmp/root/etc/sub", 0711);
    make_file("/tmp/root/etc/sub/file", std::string(200000, 'x'), 0640);
    make_link("sub/file", "/tmp/root/etc/link");
    CHECK_SAME(::link("/tmp/root/etc/sub/file", "/tmp/root/etc/same"), 0);
    const timespec old[2] = {{.tv_sec = 7, .tv_nsec = 8}, {.tv_sec = 7, .tv_nsec = 8}};
    CHECK_SAME(::utimensat(AT_FDCWD, "/tmp/root/etc/sub", old, 0), 0);
    put(root, entry("/etc", "tmpfs", "tmpfs", {"tmpcopyup"}), as);
    CHECK_SAME(mount_at("/tmp/root/etc").type, "tmpfs");
    CHECK_SAME(read_text("/tmp/root/etc/link").size(), 200000U);
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/root/etc/sub").value().mode & 0777U, 0711U);
    const sys::Status file = sys::status_at(sys::kCwd, "/tmp/root/etc/sub/file").value();
    CHECK_SAME(file.mode & 0777U, 0640U);
    CHECK_SAME(file.inode, sys::status_at(sys::kCwd, "/tmp/root/etc/same").value().inode);
    CHECK_SAME(sys::modification_time_at(sys::kCwd, "/tmp/root/etc/sub").value().nanoseconds, 8U);
  }));
}

TEST_P(MountAttach, KeepsLinkedTargetsInside) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/outside");
    const sys::RootDir root = fresh_root();
    make_link("/tmp/outside/made", "/tmp/root/dangling");
    put(root, entry("/dangling", "tmpfs", "tmpfs"), as);
    CHECK_SAME(mount_at("/tmp/root/tmp/outside/made").type, "tmpfs");
    CHECK_THAT(!sys::status_at(sys::kCwd, "/tmp/outside/made").ok());
  }));
}

TEST_P(MountAttach, RefusesProcAndSysfsOnLinks) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/bad");
    make_link("/bad", "/tmp/root/proc");
    make_link("bad", "/tmp/root/sys");
    CHECK_THAT(contains(error_of([&] { put(root, entry("/proc", "proc", "proc"), as); }), "must be a real directory"));
    CHECK_THAT(contains(error_of([&] { put(root, entry("/sys", "sysfs", "sysfs"), as); }), "must be a real directory"));
  }));
}

TEST_P(MountAttach, RefusesLinksIntoProcfsAndToTheRoot) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    put(root, entry("/proc", "proc", "proc"), as);
    make_link("/proc/sys", "/tmp/root/volume");
    make_link("/", "/tmp/root/self");
    CHECK_THAT(contains(error_of([&] { put(root, entry("/volume", "tmpfs", "tmpfs"), as); }), "leads into procfs"));
    CHECK_THAT(contains(error_of([&] { put(root, entry("/self", "tmpfs", "tmpfs"), as); }), "leads to the root itself"));
    make_dir("/tmp/source");
    CHECK_THAT(contains(error_of([&] { put(root, entry("/proc", "bind", "/tmp/source", {"bind"}), as); }), "only a procfs"));
  }));
}

TEST_P(MountAttach, AllowsLxcfsFilesOnProc) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_file("/tmp/uptime", "1 1\n");
    put(root, entry("/proc", "proc", "proc"), as);
    put(root, entry("/proc/uptime", "bind", "/tmp/uptime", {"bind"}), as);
    CHECK_SAME(read_text("/tmp/root/proc/uptime"), "1 1\n");
  }));
}

TEST_P(MountAttach, SpeaksInTheFilesystemsOwnWords) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    const std::string unknown = error_of([&] { put(root, entry("/t", "tmpfs", "tmpfs", {"colour=red"}), as); });
    CHECK_THAT(contains(unknown, "tmpfs on /t"));
    CHECK_THAT(contains(unknown, "Unknown parameter 'colour'"));
    CHECK_THAT(
        contains(error_of([&] { put(root, entry("/t", "nosuchfs", "x"), as); }), "does not know the filesystem nosuchfs"));
    const std::string source = error_of([&] { put(root, entry("/t", "bind", "/tmp/nowhere", {"bind"}), as); });
    CHECK_THAT(contains(source, "open source /tmp/nowhere"));
    CHECK_THAT(contains(source, "No such file or directory"));
  }));
}

TEST_P(MountAttach, RefusesADirectoryOnAFileAndBack) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_file("/tmp/root/file", "");
    make_file("/tmp/one", "");
    make_dir("/tmp/root/dir");
    CHECK_THAT(contains(error_of([&] { put(root, entry("/file", "bind", "/tmp", {"bind"}), as); }), "is not a directory, but"));
    CHECK_THAT(contains(error_of([&] { put(root, entry("/dir", "bind", "/tmp/one", {"bind"}), as); }), "is a directory, but"));
    CHECK_THAT(contains(error_of([&] { put(root, entry("/file/sub", "tmpfs", "x"), as); }), " at /file"));
  }));
}

TEST_P(MountAttach, RemountsWithOtherAttributes) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/source");
    const sys::RootDir root = fresh_root();
    put(root, entry("/d", "bind", "/tmp/source", {"bind"}), as);
    put(root, entry("/d", "", "", {"bind", "remount", "ro"}), as);
    put(root, entry("/t", "tmpfs", "tmpfs", {"size=8k"}), as);
    put(root, entry("/t", "tmpfs", "tmpfs", {"remount", "size=16k"}), as);
    CHECK_SAME(errno_of_writing("/tmp/root/d/x"), EROFS);
    CHECK_THAT(contains(mount_at("/tmp/root/t").super_options, "size=16k"));
  }));
}

TEST_P(MountAttach, WorksWithoutOpenat2) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root(fresh_root().release(), sys::Resolver::Walk);
    make_link("/lib/../data", "/tmp/root/link");
    make_dir("/tmp/root/lib");
    put(root, entry("/link/x", "tmpfs", "tmpfs"), as);
    put(root, entry("/proc", "proc", "proc"), as);
    CHECK_SAME(mount_at("/tmp/root/data/x").type, "tmpfs");
    CHECK_SAME(mount_at("/tmp/root/proc").type, "proc");
  }));
}

}  // namespace
}  // namespace caisson::test
