#include "sys/proc_handle.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

namespace caisson::sys {
namespace {

TEST(ProcHandle, ReadsTheCallersOwnFiles) {
  const ProcHandle proc = std::move(ProcHandle::host_view()).or_throw("open procfs");
  const std::string status = std::move(proc.read("self/status")).or_throw("read");
  EXPECT_NE(status.find("Pid:\t" + std::to_string(::getpid())), std::string::npos);
}

TEST(ProcHandle, FollowsNoMagicLink) {
  const ProcHandle proc = std::move(ProcHandle::host_view()).or_throw("open procfs");
  EXPECT_EQ(proc.open("self/root", O_PATH | O_DIRECTORY).err(), ELOOP);
  EXPECT_EQ(proc.open("self/exe", O_RDONLY).err(), ELOOP);
}

TEST(ProcHandle, NeverLeavesTheMount) {
  const ProcHandle proc = std::move(ProcHandle::host_view()).or_throw("open procfs");
  EXPECT_EQ(proc.open("../etc/passwd", O_RDONLY).err(), EXDEV);
  EXPECT_EQ(proc.open("/etc/passwd", O_RDONLY).err(), EXDEV);
}

TEST(ProcHandle, ReportsAFileThatIsNotThere) {
  const ProcHandle proc = std::move(ProcHandle::host_view()).or_throw("open procfs");
  EXPECT_EQ(proc.read("no-such-file").err(), ENOENT);
  EXPECT_EQ(proc.write("version", "x").err() == 0, false);
}

}  // namespace
}  // namespace caisson::sys
