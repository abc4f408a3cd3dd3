#include "security/lsm.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::security {
namespace {

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

}  // namespace
}  // namespace caisson::security
