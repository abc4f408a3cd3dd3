#include "mount/root.hpp"

#include <dirent.h>

#include "kernel/mount_fixture.hpp"
#include "mount/devices.hpp"
#include "mount/host_view.hpp"
#include "mount/masks.hpp"
#include "sys/mount.hpp"
#include "sys/proc_handle.hpp"

namespace caisson::test {
namespace {

class MountRoot : public Both {};
INSTANTIATE_TEST_SUITE_P(Each, MountRoot, testing::Values(As::Root, As::User), name_of);

void make_dev(const sys::RootDir& root, As as) {
  put(root, entry("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755"}), as);
  mount::make_devices(mount::plan_devices({}, {.user_namespace = as == As::User, .kcore = true}), root);
}

sys::Status status(const std::string& path) {
  return std::move(sys::status_at(sys::kCwd, path.c_str())).or_throw("examine ", path);
}

TEST_P(MountRoot, PivotsAndLetsTheOldRootGo) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_file("/tmp/root/mark", "inside");
    put(root, entry("/proc", "proc", "proc"), as);
    mount::pivot_into(root_step(), root);
    CHECK_SAME(read_text("/mark"), "inside");
    put(root, entry("/late", "tmpfs", "tmpfs"), as);
    mount::detach_old_root();
    mount::seal_root(root);
    CHECK_SAME(read_text("mark"), "inside");
    CHECK_SAME(own_mounts().size(), 3U);
    CHECK_SAME(errno_of_writing("/x"), EROFS);
    CHECK_SAME(errno_of_writing("/late/x"), 0);
    CHECK_SAME(std::move(sys::current_dir()).or_throw("getcwd"), "/");
  }));
}

TEST_P(MountRoot, MovesWithoutPivot) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_file("/tmp/root/mark", "inside");
    put(root, entry("/proc", "proc", "proc"), as);
    mount::move_into(root_step(), root, read_text("/proc/self/mountinfo"));
    CHECK_SAME(read_text("/mark"), "inside");
    CHECK_SAME(mount_at("/proc").type, "proc");
    for (const auto& mount : own_mounts()) CHECK_THAT(mount.type != "sysfs");
  }));
}

TEST_P(MountRoot, MakesDevices) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dev(root, as);
    for (const auto& node : mount::default_devices()) {
      const sys::Status made = status("/tmp/root" + node.path);
      CHECK_THAT(made.is_char());
      CHECK_SAME(made.rdev, node.number);
      CHECK_SAME(made.mode & 0777U, 0666U);
    }
    CHECK_SAME(errno_of_writing("/tmp/root/dev/null"), 0);
    CHECK_SAME(std::move(sys::read_link(sys::kCwd, "/tmp/root/dev/ptmx")).or_throw("readlink"), "pts/ptmx");
    CHECK_SAME(std::move(sys::read_link(sys::kCwd, "/tmp/root/dev/core")).or_throw("readlink"), "/proc/kcore");
    make_dir("/tmp/root/elsewhere");
    mount::make_devices(mount::plan_devices({}, {.user_namespace = as == As::User}), root);  // what exists and fits stays
  }));
}

TEST_P(MountRoot, LinkedDevStaysInside) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/outside");
    make_file("/tmp/outside/ptmx", "host");
    const sys::RootDir root = fresh_root();
    make_link("../../../tmp/outside", "/tmp/root/dev");
    mount::make_devices(mount::plan_devices({}, {.user_namespace = as == As::User}), root);
    CHECK_SAME(read_text("/tmp/outside/ptmx"), "host");
    const auto listing = sys::open_at(sys::kCwd, "/tmp/outside", O_RDONLY | O_DIRECTORY).or_throw("open");
    CHECK_SAME(std::move(sys::list_dir(listing.borrow())).or_throw("list").size(), 1U);
    CHECK_THAT(status("/tmp/root/tmp/outside/null").is_char());
  }));
}

TEST_P(MountRoot, RefusesADeviceNameThatIsTaken) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/dev");
    make_link("/etc/passwd", "/tmp/root/dev/null");
    const auto make = [&] { mount::make_devices(mount::plan_devices({}, {.user_namespace = as == As::User}), root); };
    CHECK_THAT(contains(error_of(make), "the image has another file with this name"));
  }));
}

TEST(MountDevices, OpensANullDeviceThatItMadeOnANewDevAndNoOther) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    const sys::RootDir root = fresh_root();
    const auto on_new = mount::plan_devices({}, {.dev_is_new = true});
    put(root, entry("/dev", "tmpfs", "tmpfs", {"mode=755"}), As::Root);
    const sys::UniqueFd null = mount::make_devices(on_new, root);
    CHECK_THAT(null.valid());
    const sys::Status opened = sys::status_of_fd(null.borrow()).or_throw("examine");
    CHECK_SAME(opened.rdev, sys::device_number(1, 3));
    CHECK_SAME(opened.inode, status("/tmp/root/dev/null").inode);
    CHECK_SAME(::write(null.borrow().get(), "x", 1), ssize_t{1});
    CHECK_THAT(!mount::make_devices(on_new, root).valid());  // it was there already: somebody else made it
    CHECK_THAT(!mount::make_devices(mount::plan_devices({}, {}), fresh_root()).valid());
  }));
}

TEST(MountDevices, OpensNoOtherDeviceInItsPlace) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    const sys::RootDir root = fresh_root();
    put(root, entry("/dev", "tmpfs", "tmpfs", {"mode=755"}), As::Root);
    spec::Device device;
    device.path = "/dev/null";
    device.type = spec::DeviceType::Block;
    device.major = 1;
    device.minor = 3;
    CHECK_THAT(!mount::make_devices(mount::plan_devices(std::span(&device, 1), {.dev_is_new = true}), root).valid());
  }));
}

TEST(MountDevices, MakesThoseOfTheConfigWithTheirOwners) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    const sys::RootDir root = fresh_root();
    spec::Device device;
    device.path = "/dev/net/tun";
    device.major = 10;
    device.minor = 200;
    device.uid = 7;
    device.gid = 8;
    device.file_mode = 0620;
    ::umask(077);
    mount::make_devices(mount::plan_devices(std::span(&device, 1), {}), root);
    const sys::Status made = status("/tmp/root/dev/net/tun");
    CHECK_SAME(made.rdev, sys::device_number(10, 200));
    CHECK_SAME(made.mode & 07777U, 0620U);
    CHECK_SAME(made.uid, 7U);
    CHECK_SAME(made.gid, 8U);
    CHECK_SAME(::umask(022), 077U);
  }));
}

TEST_P(MountRoot, MasksPaths) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dev(root, as);
    make_dir("/tmp/root/secret");
    make_dir("/tmp/root/secret2");
    make_file("/tmp/root/secret/key", "k");
    make_file("/tmp/root/token", "t");
    const std::vector<std::string> paths{"/secret", "/secret2", "/token", "/missing", "/token/below"};
    mount::mask_paths(paths, root);
    CHECK_THAT(!sys::status_at(sys::kCwd, "/tmp/root/secret/key").ok());
    CHECK_THAT(mount_at("/tmp/root/secret2").options.starts_with("ro"));
    CHECK_SAME(mount_at("/tmp/root/secret").minor, mount_at("/tmp/root/secret2").minor);
    CHECK_SAME(errno_of_writing("/tmp/root/secret2/x"), EROFS);
    CHECK_SAME(status("/tmp/root/token").rdev, sys::device_number(1, 3));
    CHECK_SAME(read_text("/tmp/root/token"), "");
  }));
}

TEST_P(MountRoot, RefusesToMaskWithAFalseNullDevice) {
  EXPECT_PASSES(in_namespaces(GetParam(), [] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/dev");
    make_link("/token", "/tmp/root/dev/null");
    make_file("/tmp/root/token", "t");
    const std::vector<std::string> paths{"/token"};
    CHECK_THAT(contains(error_of([&] { mount::mask_paths(paths, root); }), "is not the null device"));
  }));
}

TEST_P(MountRoot, MakesPathsReadOnlyWithWhatIsBelow) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    put(root, entry("/proc", "proc", "proc", {"nosuid", "nodev", "noexec"}), as);
    put(root, entry("/a", "tmpfs", "tmpfs", {"nosuid"}), as);
    put(root, entry("/a/b", "tmpfs", "tmpfs"), as);
    const std::vector<std::string> paths{"/proc/sys", "/a", "/missing"};
    mount::make_paths_readonly(paths, root);
    CHECK_THAT(mount_at("/tmp/root/proc/sys").options.starts_with("ro,nosuid,nodev,noexec"));
    CHECK_THAT(mount_at("/tmp/root/a").options.starts_with("ro,nosuid"));
    CHECK_SAME(errno_of_writing("/tmp/root/a/b/x"), EROFS);
  }));
}

TEST(MountRootShared, LeavesTheHostsMountsAlone) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    make_dir("/tmp/host");
    sys::mount("tmpfs", "/tmp/host", "tmpfs", 0, "").or_throw("mount");
    sys::mount(nullptr, "/", nullptr, MS_SHARED | MS_REC, nullptr).or_throw("share");
    rethrow(in_child([] {
      if (::unshare(CLONE_NEWNS) != 0) throw Skipped{"no mount namespace"};
      make_dir(kRoot);
      const mount::RootStep step{.rootfs = kRoot, .propagation = mount::propagation_of("rshared")};
      mount::set_propagation(step);
      const sys::RootDir root = mount::attach_root(step);
      put(root, entry("/proc", "proc", "proc"));
      mount::pivot_into(step, root);
      mount::detach_old_root();
      mount::reapply_propagation(step);
      CHECK_THAT(mount_at("/").shared.has_value());
      CHECK_THAT(mount_at("/proc").shared.has_value());
    }));
    CHECK_SAME(mount_at("/tmp/host").type, "tmpfs");
    for (const auto& mount : own_mounts()) CHECK_THAT(!mount.mount_point.starts_with("/tmp/root/"));
  }));
}

TEST_P(MountRoot, ShowsTheHostCopyOnWrite) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const auto facts = mount::read_host_view_facts(as == As::User, read_text("/proc/self/mountinfo"));
    mount::HostView view = mount::build_host_view(mount::plan_host_view(facts));
    put(view.root, entry("/proc", "proc", "proc"), as);
    const mount::RootStep step = root_step();
    mount::pivot_into(step, view.root);
    mount::detach_old_root();
    CHECK_THAT(status("/usr/bin/env").is_regular());
    CHECK_THAT(status("/proc/self/status").is_regular());
    CHECK_SAME(status("/tmp").mode & 07777U, 01777U);
    CHECK_SAME(errno_of_writing("/usr/caisson-was-here"), 0);
    CHECK_SAME(errno_of_writing("/tmp/x"), 0);
    if (as == As::Root) CHECK_SAME(errno_of_writing("/caisson-was-here"), 0);
    for (const char* empty : {"/dev", "/run", "/sys"}) {
      const auto fd = sys::open_at(sys::kCwd, empty, O_RDONLY | O_DIRECTORY).or_throw("open ", empty);
      CHECK_SAME(std::move(sys::list_dir(fd.borrow())).or_throw("list").size(), 0U);
    }
  }));
  EXPECT_FALSE(sys::status_at(sys::kCwd, "/usr/caisson-was-here").ok());
  EXPECT_FALSE(sys::status_at(sys::kCwd, "/caisson-was-here").ok());
}

TEST_P(MountRoot, ShowsFurtherFilesystemsWithTheirRestrictions) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    sys::mount("tmpfs", "/srv", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=777").or_throw("mount");
    make_file("/srv/file", "text");
    make_file("/tmp/name", "bound");
    sys::mount("/tmp/name", "/etc/hostname", nullptr, MS_BIND, nullptr).or_throw("bind");
    const auto facts = mount::read_host_view_facts(as == As::User, read_text("/proc/self/mountinfo"));
    const mount::HostView view = mount::build_host_view(mount::plan_host_view(facts));
    put(view.root, entry("/proc", "proc", "proc"), as);
    mount::pivot_into(root_step(), view.root);
    mount::detach_old_root();
    CHECK_SAME(read_text("/srv/file"), "text");
    CHECK_SAME(read_text("/etc/hostname"), "bound");
    CHECK_SAME(errno_of_writing("/etc/hostname"), EROFS);
    CHECK_SAME(errno_of_writing("/srv/file"), 0);
    CHECK_THAT(mount_at("/srv").options.starts_with("rw,nosuid,nodev,noexec"));
  }));
}

TEST_P(MountRoot, PrivateProcfsWorksEverywhere) {
  EXPECT_PASSES(in_namespaces(GetParam(), [] {
    const auto few = std::move(sys::ProcHandle::make_private(sys::ProcScope::Processes)).or_throw("private procfs");
    CHECK_THAT(contains(std::move(few.read("self/status")).or_throw("read"), "Pid:\t1\n"));
    const auto all = std::move(sys::ProcHandle::make_private(sys::ProcScope::Everything)).or_throw("full private procfs");
    CHECK_THAT(all.open("sys/kernel/ostype", O_RDONLY).ok());
    CHECK_SAME(all.open("self/cwd/etc", O_PATH).err(), ELOOP);
  }));
}

TEST(ProcHandleHostView, RefusesAFalseProc) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    sys::mount("tmpfs", "/proc", "tmpfs", 0, "").or_throw("mount");
    CHECK_SAME(sys::ProcHandle::host_view().err(), EXDEV);
  }));
}

TEST(ProcHandleHostView, StopsAtMountsOverProcfs) {
  EXPECT_PASSES(in_namespaces(As::Root, [] {
    sys::mount("proc", "/proc", "proc", 0, nullptr).or_throw("mount");
    sys::mount("tmpfs", "/proc/self/attr", "tmpfs", 0, "").or_throw("cover");
    const auto proc = std::move(sys::ProcHandle::host_view()).or_throw("open");
    CHECK_SAME(proc.open("self/attr/exec", O_WRONLY).err(), EXDEV);
    CHECK_THAT(proc.open("self/status", O_RDONLY).ok());
  }));
}

}  // namespace
}  // namespace caisson::test
