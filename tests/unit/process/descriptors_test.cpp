#include "process/descriptors.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/oom_score.hpp"
#include "process/stdio.hpp"
#include "unit/process/expect_error.hpp"

namespace caisson::process {
namespace {

// In a process of its own, whose descriptors and stdio may be changed at will; 0 if all went well.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    int result = 99;
    try {
      result = body();
    } catch (const std::exception&) {
    }
    _exit(result);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

sys::ProcHandle host_proc() { return sys::ProcHandle::host_view().or_throw("open /proc"); }

TEST(KeptDescriptors, CountsActivationOnlyWhenItIsMeantForThisProcess) {
  EXPECT_EQ(plan_descriptors(0, {}, 5).first_closed(), 3U);
  EXPECT_EQ(plan_descriptors(2, {}, 5).first_closed(), 5U);
  EXPECT_EQ(plan_descriptors(2, {.listen_fds = "3", .listen_pid = "5"}, 5).first_closed(), 8U);
  EXPECT_EQ(plan_descriptors(2, {.listen_fds = "3", .listen_pid = "6"}, 5).first_closed(), 5U);
  EXPECT_EQ(plan_descriptors(2, {.listen_fds = "3"}, 5).first_closed(), 5U);
  EXPECT_EQ(plan_descriptors(0, {.listen_fds = "nonsense", .listen_pid = "6"}, 5).first_closed(), 3U);
  EXPECT_EQ(error_of([] { plan_descriptors(0, {.listen_fds = "nonsense", .listen_pid = "5"}, 5); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([] { plan_descriptors(0, {.listen_fds = "-1", .listen_pid = "5"}, 5); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([] { plan_descriptors(~0U, {}, 5); }).kind(), ErrorKind::Usage);
}

TEST(KeptDescriptors, TellsThePayloadAboutActivation) {
  EXPECT_TRUE(activation_variables({.preserved = 2}).empty());
  EXPECT_EQ(activation_variables({.listening = 2}), (std::vector<std::string>{"LISTEN_FDS=2", "LISTEN_PID=1"}));
}

TEST(KeptDescriptors, NamesTheFirstThatIsNotOpen) {
  const int result = in_child([] {
    close_range(3, ~0U, 0);
    dup2(0, 3);
    dup2(0, 5);
    verify_descriptors({.preserved = 1});
    const Error error = error_of([] { verify_descriptors({.preserved = 3}); });
    if (error.message() != "descriptor 4 is not open, but --preserve-fds 3 asks for it") return 1;
    const Error listening = error_of([] { verify_descriptors({.listening = 2, .preserved = 1}); });
    return listening.message() == "descriptor 4 is not open, but LISTEN_FDS=2 asks for it" ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
}

TEST(KeptDescriptors, MarksTheOthersCloseOnExec) {
  const int result = in_child([] {
    const auto proc = host_proc();
    for (const int number : {10, 11, 12}) dup2(0, number);
    mark_others_close_on_exec(11, proc);
    if (fcntl(10, F_GETFD) != 0) return 1;
    return fcntl(11, F_GETFD) == FD_CLOEXEC && fcntl(12, F_GETFD) == FD_CLOEXEC ? 0 : 2;
  });
  EXPECT_EQ(result, 0);
}

TEST(Stdio, LeavesNullAndOtherDevicesAlone) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const int result = in_child([] {
    struct stat before {
    }, after{};
    stat("/dev/null", &before);
    dup2(open("/dev/null", O_RDONLY), 0);
    dup2(open("/dev/zero", O_RDWR), 1);
    int ends[2];
    if (pipe(ends) != 0) return 1;
    dup2(ends[1], 2);
    give_stdio_to(12345);
    stat("/dev/null", &after);
    if (after.st_uid != before.st_uid) return 2;
    stat("/dev/zero", &after);
    if (after.st_uid == 12345) return 3;
    fstat(2, &after);
    return after.st_uid == 12345 ? 0 : 4;
  });
  EXPECT_EQ(result, 0);
}

class NullStdio : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(mkdtemp(root_), nullptr);
    ASSERT_EQ(mkdir(path("/dev").c_str(), 0755), 0);
  }
  void TearDown() override {
    unlink(path("/dev/null").c_str());
    unlink(path("/victim").c_str());
    rmdir(path("/dev").c_str());
    rmdir(root_);
  }
  std::string path(const char* below) const { return std::string(root_) + below; }
  // Whether descriptor 0, a host's /dev/null, is another file afterwards, and 1, a pipe, is untouched.
  int replaced() const {
    return in_child([&] {
      const auto proc = host_proc();
      const auto root = sys::RootDir::open_host(root_).or_throw("open root");
      int ends[2];
      if (pipe(ends) != 0) return 10;
      dup2(open("/dev/null", O_RDWR), 0);
      dup2(ends[1], 1);
      struct stat before {
      }, after{}, out_before{}, out_after{};
      fstat(0, &before);
      fstat(1, &out_before);
      replace_null_stdio(root, proc);
      fstat(0, &after);
      fstat(1, &out_after);
      if (out_before.st_ino != out_after.st_ino) return 11;
      return before.st_ino != after.st_ino || before.st_dev != after.st_dev ? 1 : 0;
    });
  }
  char root_[32] = "/tmp/caisson-stdio-XXXXXX";
};

TEST_F(NullStdio, IsTheContainersIfThatIsTheRealDevice) {
  if (mknod(path("/dev/null").c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0) GTEST_SKIP() << "no device can be made here";
  if (access(path("/dev/null").c_str(), R_OK) != 0 || open(path("/dev/null").c_str(), O_RDONLY) < 0)
    GTEST_SKIP() << "/tmp is nodev";
  EXPECT_EQ(replaced(), 1);
}

TEST_F(NullStdio, StaysTheHostsIfTheContainersIsAnythingElse) {
  EXPECT_EQ(replaced(), 0);
  close(open(path("/victim").c_str(), O_CREAT | O_WRONLY, 0600));
  ASSERT_EQ(symlink("../victim", path("/dev/null").c_str()), 0);
  EXPECT_EQ(replaced(), 0);
  unlink(path("/dev/null").c_str());
  close(open(path("/dev/null").c_str(), O_CREAT | O_WRONLY, 0600));
  EXPECT_EQ(replaced(), 0);
  unlink(path("/dev/null").c_str());
  ASSERT_EQ(mkfifo(path("/dev/null").c_str(), 0600), 0);
  EXPECT_EQ(replaced(), 0);
}

TEST(OomScore, IsCheckedAndWritten) {
  EXPECT_EQ(error_of([] { check_oom_score_adj(1001); }).kind(), ErrorKind::Spec);
  EXPECT_EQ(error_of([] { check_oom_score_adj(-1001); }).message(), "oomScoreAdj -1001 is not within -1000 to 1000");
  check_oom_score_adj(-1000);
  const int result = in_child([] {
    const auto proc = host_proc();
    apply_oom_score_adj(proc, 500);
    return proc.read("self/oom_score_adj").or_throw("read") == "500\n" ? 0 : 1;
  });
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace caisson::process
