// What resolve_target opens, with real processes and namespaces.
#include "inspect/target.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>

#include "in_namespaces.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

using test::As;
using test::contains;
using test::in_namespaces;

const Places kNoState{"/tmp/no-state"};

std::uint64_t inode_of(sys::BorrowedFd fd) { return sys::status_of_fd(fd).or_throw("look").inode; }
std::uint64_t own_inode(const char* kind) {
  const std::string path = text::join("/proc/self/ns/", kind);
  const auto fd = sys::open_at(sys::kCwd, path.c_str(), O_RDONLY).or_throw("open");
  return inode_of(fd.borrow());
}
std::string error_of(std::string_view word, const Places& places = kNoState) {
  return test::error_of([&] { static_cast<void>(resolve_target(word, places)); });
}

class Targets : public test::Both {};

TEST(Target, IsAProcessWithAllItsKinds) {
  EXPECT_PASSES(test::in_child([] {
    const Target target = resolve_target(text::join(::getpid()), kNoState);
    CHECK_SAME(target.pid, ::getpid());
    CHECK_THAT(target.process.valid() && !target.type);
    for (const ns::Kind& kind : ns::kKinds)
      CHECK_SAME(inode_of(open_namespace(target, kind.type).borrow()), own_inode(kind.proc));
  }));
}

TEST_P(Targets, IsAFileOfNsfsAndNothingElse) {
  EXPECT_PASSES(in_namespaces(GetParam(), [] {
    const Target target = resolve_target("/proc/self/ns/uts", kNoState);
    CHECK_SAME(target.pid, 0);
    CHECK_THAT(target.type == ns::Type::Uts);
    CHECK_SAME(inode_of(open_namespace(target, ns::Type::Uts).borrow()), own_inode("uts"));
    const std::string wrong = test::error_of([&] { static_cast<void>(open_namespace(target, ns::Type::Pid)); });
    CHECK_SAME(wrong, std::string("\"/proc/self/ns/uts\" is a uts namespace, not a pid namespace"));
    test::write_text("/proc/self/comm", "x");
    CHECK_THAT(::mkfifo("/tmp/pipe", 0600) == 0);  // opening it would wait for ever
    for (const char* path : {"/tmp/pipe", "/proc/self/comm", "/dev/null", "/tmp"})
      CHECK_THAT(contains(error_of(path), "is no namespace file"));
    CHECK_THAT(contains(error_of("/tmp/none"), "No such file or directory"));
  }));
}

TEST_P(Targets, IsFoundByInodeAndById) {
  EXPECT_PASSES(in_namespaces(GetParam(), [] {
    // Held by a descriptor only: no process is in it.
    const auto before = sys::open_at(sys::kCwd, "/proc/self/ns/uts", O_RDONLY).or_throw("open");
    const std::uint64_t inode = inode_of(before.borrow());
    sys::unshare(0x04000000).or_throw("unshare");
    CHECK_THAT(inode_of(resolve_target(text::join("uts:[", inode, "]"), kNoState).fd.borrow()) == inode);
    const auto id = sys::namespace_id(before.borrow());
    if (id.err() == ENOTTY) {
      CHECK_THAT(contains(error_of(":7"), "this kernel gives namespaces no ids"));
      return;
    }
    const Target target = resolve_target(text::join(':', id.value()), kNoState);
    CHECK_THAT(target.type == ns::Type::Uts);
    CHECK_SAME(inode_of(target.fd.borrow()), inode);
    CHECK_THAT(contains(error_of(":18446744073709551615"), "no namespace :18446744073709551615 among those that you may see"));
    CHECK_THAT(contains(error_of("net:[17]"), "no namespace net:[17] among"));
  }));
}

// A user namespace that lives only because it owns another one: no process, descriptor or mount shows it.
TEST(Target, IsFoundByIdThoughNobodyShowsIt) {
  EXPECT_PASSES(test::in_child([] {
    auto pipe = sys::make_pipe().or_throw("make a pipe");
    const std::string uid_map = text::join("0 ", ::geteuid(), " 1"), gid_map = text::join("0 ", ::getegid(), " 1");
    const pid_t pid = ::fork();
    if (pid == 0) {
      sys::unshare(0x10000000).or_throw("unshare");
      test::write_text("/proc/self/setgroups", "deny");
      test::write_text("/proc/self/uid_map", uid_map);
      test::write_text("/proc/self/gid_map", gid_map);
      const auto middle = sys::open_at(sys::kCwd, "/proc/self/ns/user", O_RDONLY).or_throw("open");
      sys::write_full(pipe.write.borrow(), text::join(sys::namespace_id(middle.borrow()).value_or(0))).or_throw("tell");
      sys::unshare(0x10000000).or_throw("unshare");
      sys::close_range(3, ~0U, 0).or_throw("close");
      for (;;) ::pause();
    }
    pipe.write.reset();
    const std::string id = sys::read_full(pipe.read.borrow()).or_throw("read");
    if (id == "0") throw test::Skipped{"this kernel gives namespaces no ids"};
    const auto still_shown = [&] { return sys::status_at(sys::kCwd, text::join("/proc/", pid, "/fd/3").c_str()).ok(); };
    while (still_shown()) ::usleep(1000);
    const Target target = resolve_target(text::join(':', id), kNoState);
    CHECK_THAT(target.type == ns::Type::User);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }));
}

TEST_P(Targets, SaysWhatIsNotThere) {
  EXPECT_PASSES(in_namespaces(GetParam(), [] {
    CHECK_SAME(error_of("2147483647"), std::string("there is no process 2147483647"));
    CHECK_THAT(contains(error_of("container:web"), "there is no container \"web\" in /tmp/no-state"));
    CHECK_THAT(contains(error_of("pid:lab"), "no pid namespace is called \"lab\" in /tmp/no-state"));
    CHECK_THAT(contains(error_of("uts:lab\x1b[2J"), "\"lab\\x1b[2J\""));
  }));
}

TEST(Target, IsGoneWithItsProcess) {
  EXPECT_PASSES(test::in_child([] {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::pause();
      ::_exit(0);
    }
    const Target target = resolve_target(text::join(pid), kNoState);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    const std::string gone = test::error_of([&] { static_cast<void>(open_namespace(target, ns::Type::Uts)); });
    CHECK_THAT(contains(gone, "it has ended"));
  }));
}

INSTANTIATE_TEST_SUITE_P(Inspect, Targets, testing::Values(As::Root, As::User), test::name_of);

}  // namespace
}  // namespace caisson::inspect
