#include "security/lsm.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "sys/file.hpp"

namespace caisson::security {
namespace {

// A directory that looks like /proc/thread-self to the writer.
class FakeThreadSelf {
 public:
  FakeThreadSelf() {
    char name[] = "/tmp/lsm_test.XXXXXX";
    path_ = mkdtemp(name);
    dir_ = sys::UniqueFd(::open(path_.c_str(), O_DIRECTORY | O_CLOEXEC));
    ::mkdirat(dir_.get(), "attr", 0700);
  }
  ~FakeThreadSelf() {
    ::unlinkat(dir_.get(), "attr/apparmor/exec", 0);
    ::unlinkat(dir_.get(), "attr/apparmor", AT_REMOVEDIR);
    ::unlinkat(dir_.get(), "attr/exec", 0);
    ::unlinkat(dir_.get(), "attr", AT_REMOVEDIR);
    ::rmdir(path_.c_str());
  }
  void add_file(const char* name) { sys::UniqueFd(::openat(dir_.get(), name, O_CREAT | O_WRONLY, 0600)).reset(); }
  void add_directory(const char* name) { ::mkdirat(dir_.get(), name, 0700); }
  std::string content(const char* name) { return sys::read_file(dir_.borrow(), name).value_or("missing"); }
  sys::BorrowedFd dir() const { return dir_.borrow(); }

 private:
  std::string path_;
  sys::UniqueFd dir_;
};

spec::Process process(std::string apparmor, std::string selinux) {
  spec::Process made;
  made.apparmor_profile = std::move(apparmor);
  made.selinux_label = std::move(selinux);
  return made;
}

TEST(Lsm, PlansNothingWhenNothingIsAsked) {
  const LsmPlan plan = plan_lsm(process("", ""), {});
  EXPECT_TRUE(plan.apparmor_profile.empty());
  EXPECT_TRUE(plan.selinux_label.empty());
}

TEST(Lsm, RefusesAProfileOrLabelWhereTheModuleIsOff) {
  try {
    plan_lsm(process("docker-default", ""), {.apparmor_enabled = false, .selinux_enabled = true});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Host);
    EXPECT_EQ(error.message(), "process.apparmorProfile: AppArmor is not enabled here, but \"docker-default\" is asked for");
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_THROW(plan_lsm(process("", "system_u:system_r:container_t:s0"), {.apparmor_enabled = true}), Error);
}

TEST(Lsm, TakesUnconfinedForGrantedWhereAppArmorIsOff) {
  EXPECT_TRUE(plan_lsm(process("unconfined", ""), {}).apparmor_profile.empty());
  EXPECT_EQ(plan_lsm(process("unconfined", ""), {.apparmor_enabled = true}).apparmor_profile, "unconfined");
}

TEST(Lsm, WritesAnAppArmorProfileToItsOwnFileWhereTheKernelHasOne) {
  FakeThreadSelf thread_self;
  thread_self.add_file("attr/exec");
  thread_self.add_directory("attr/apparmor");
  thread_self.add_file("attr/apparmor/exec");
  apply_apparmor(thread_self.dir(), "docker-default");
  EXPECT_EQ(thread_self.content("attr/apparmor/exec"), "exec docker-default");
  EXPECT_EQ(thread_self.content("attr/exec"), "");
}

TEST(Lsm, WritesAnAppArmorProfileToTheSharedFileOtherwise) {
  FakeThreadSelf thread_self;
  thread_self.add_file("attr/exec");
  apply_apparmor(thread_self.dir(), "docker-default");
  EXPECT_EQ(thread_self.content("attr/exec"), "exec docker-default");
}

TEST(Lsm, WritesAnSelinuxLabelAsItIs) {
  FakeThreadSelf thread_self;
  thread_self.add_file("attr/exec");
  apply_selinux(thread_self.dir(), "system_u:system_r:container_t:s0");
  EXPECT_EQ(thread_self.content("attr/exec"), "system_u:system_r:container_t:s0");
}

TEST(Lsm, ReportsALabelThatCannotBeWritten) {
  FakeThreadSelf thread_self;
  EXPECT_THROW(apply_selinux(thread_self.dir(), "label"), Error);
  EXPECT_THROW(apply_apparmor(thread_self.dir(), "profile"), Error);
}

}  // namespace
}  // namespace caisson::security
