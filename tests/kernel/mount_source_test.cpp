// Sources that lie in the container: opened inside the root, after the mounts before them.
#include <array>

#include "kernel/mount_fixture.hpp"
#include "sys/mount.hpp"

namespace caisson::test {
namespace {

class SourceInside : public Both {};
INSTANTIATE_TEST_SUITE_P(Each, SourceInside, testing::Values(As::Root, As::User), name_of);

TEST_P(SourceInside, ShowsWhatEarlierMountsPutThere) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/source");
    make_dir("/tmp/source/below");
    make_file("/tmp/source/file", "of the host");
    const sys::RootDir root = fresh_root();
    put(root, entry("/mnt", "bind", "/tmp/source", {"bind"}), as);
    put(root, entry("/mnt/below", "tmpfs", "tmpfs"), as);
    make_file("/tmp/root/mnt/below/new", "of a tmpfs");
    put(root, entry("/all", "bind", "/tmp/root/mnt", {"rbind", "ro"}), as);
    put(root, entry("/top", "bind", "root/mnt", {"bind", "nosuid"}), as);
    put(root, entry("/name", "bind", "root/mnt/file", {"bind"}), as);
    CHECK_SAME(read_text("/tmp/root/all/file"), "of the host");
    CHECK_SAME(read_text("/tmp/root/all/below/new"), "of a tmpfs");
    CHECK_SAME(errno_of_writing("/tmp/root/all/x"), EROFS);
    CHECK_SAME(errno_of_writing("/tmp/root/all/below/x"), 0);
    CHECK_SAME(errno_of_writing("/tmp/root/top/below/new"), 0);
    CHECK_SAME(sys::status_at(sys::kCwd, "/tmp/source/below/new").value().size, 0U);
    CHECK_THAT(contains(mount_at("/tmp/root/top").options, "nosuid"));
    CHECK_SAME(read_text("/tmp/root/name"), "of the host");
  }));
}

TEST_P(SourceInside, IsResolvedInsideTheRoot) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    make_dir("/tmp/outside");
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/real");
    make_file("/tmp/root/real/file", "of the image");
    make_link("/real", "/tmp/root/absolute");
    make_link("../../../../real", "/tmp/root/relative");
    make_link("/tmp/outside", "/tmp/root/out");
    put(root, entry("/a", "bind", "/tmp/root/absolute", {"bind"}), as);
    put(root, entry("/b", "bind", "/tmp/root/relative/file", {"bind"}), as);
    CHECK_SAME(read_text("/tmp/root/a/file"), "of the image");
    CHECK_SAME(read_text("/tmp/root/b"), "of the image");
    const std::string error = error_of([&] { put(root, entry("/c", "bind", "/tmp/root/out", {"bind"}), as); });
    CHECK_THAT(contains(error, "open source /out inside the root for bind of /out inside the root on /c"));
  }));
}

TEST_P(SourceInside, LeadsIntoNoKernelTreeByALink) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    put(root, entry("/proc", "proc", "proc"), as);
    put(root, entry("/sys", "sysfs", "sysfs"), as);
    make_link("/proc/sys", "/tmp/root/p");
    make_link("/sys/kernel", "/tmp/root/s");
    make_link("/", "/tmp/root/r");
    const std::array refusals{std::pair{"p", "source /p leads into /proc"}, std::pair{"s", "source /s leads into /sys"},
                              std::pair{"r", "source /r leads to the root itself"}};
    for (const auto& [name, words] : refusals) {
      const auto bind = entry("/final", "bind", text::join("/tmp/root/", name), {"rbind"});
      CHECK_THAT(contains(error_of([&] { put(root, bind, as); }), words));
    }
    put(root, entry("/final", "bind", "/tmp/root/proc/sys", {"rbind"}), as);
    CHECK_SAME(mount_at("/tmp/root/final").type, "proc");
  }));
}

TEST_P(SourceInside, IsNotAttachedWithoutTheIdMappingThatWasAskedFor) {
  EXPECT_PASSES(in_namespaces(GetParam(), [as = GetParam()] {
    const sys::RootDir root = fresh_root();
    make_dir("/tmp/root/mnt");
    auto mount = entry("/final", "bind", "/tmp/root/mnt", {"bind"});
    mount.uid_mappings = {{.container_id = 0, .host_id = 5000, .size = 10}};
    mount.gid_mappings = mount.uid_mappings;
    CHECK_THAT(contains(error_of([&] { put(root, mount, as); }), "no user namespace was made for the id mapping"));
  }));
}

}  // namespace
}  // namespace caisson::test
