// docs/adr/0001-errors.md: a clone3 child without CLONE_VM is a full copy of a process with one thread, so it may throw.
#include <gtest/gtest.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sys/raw_syscall.hpp"

namespace {

// 0: the child threw an Error through two frames and caught it whole.
int throw_and_catch() noexcept {
  try {
    throw caisson::Error(caisson::ErrorKind::Kernel, "mount proc", 1).within("mount filesystems").with_hint("run it as root");
  } catch (const caisson::Error& error) {
    return error.errno_value() == 1 && error.frames().size() == 2 && !error.hint().empty() ? 0 : 2;
  }
}

int status_of_child(unsigned long flags) {
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  const long pid = caisson::sys::raw_syscall(SYS_clone3, reinterpret_cast<long>(&args), sizeof args);
  if (pid == 0) ::_exit(throw_and_catch());
  if (pid < 0) return static_cast<int>(pid);
  int status = 0;
  while (::waitpid(static_cast<pid_t>(pid), &status, 0) < 0) {
  }
  return status;
}

TEST(ThrowAfterClone, WorksInACopyOfTheProcess) { EXPECT_EQ(status_of_child(0), 0); }

TEST(ThrowAfterClone, WorksInNewNamespaces) {
  const int status = status_of_child(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWIPC);
  if (status < 0) GTEST_SKIP() << "this host forbids user namespaces (errno " << -status << ")";
  EXPECT_EQ(status, 0);
}

}  // namespace
