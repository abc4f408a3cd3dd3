#include "security/capabilities.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>

#include "base/error.hpp"

namespace caisson::security {
namespace {

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(Capabilities, HaveTheNumbersOfTheKernelHeaders) {
  EXPECT_EQ(capability_number("CAP_CHOWN"), CAP_CHOWN);
  EXPECT_EQ(capability_number("CAP_SYS_ADMIN"), CAP_SYS_ADMIN);
  EXPECT_EQ(capability_number("CAP_AUDIT_READ"), CAP_AUDIT_READ);
  EXPECT_EQ(capability_number("CAP_CHECKPOINT_RESTORE"), CAP_CHECKPOINT_RESTORE);
  EXPECT_EQ(CAP_LAST_CAP + 1, static_cast<int>(kCapabilityCount));
  EXPECT_EQ(capability_name(41), "");
}

TEST(Capabilities, GoFromNameToNumberAndBack) {
  for (unsigned number = 0; number < kCapabilityCount; ++number) EXPECT_EQ(capability_number(capability_name(number)), number);
  std::vector<std::string> unknown;
  EXPECT_EQ(capability_mask(capability_names(kAllCapabilities), unknown), kAllCapabilities);
  EXPECT_TRUE(unknown.empty());
}

TEST(Capabilities, OfDockerAreFourteenAndOfRuncSpecThree) {
  EXPECT_EQ(capability_names(kDockerCapabilities).size(), 14u);
  EXPECT_EQ(capability_names(kRuncSpecCapabilities),
            (std::vector<std::string>{"CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_AUDIT_WRITE"}));
}

TEST(Capabilities, OfUnknownNamesAreCollectedOnce) {
  std::vector<std::string> unknown{"CAP_MAGIC"};
  EXPECT_EQ(capability_mask({"CAP_CHOWN", "CAP_MAGIC", "chown", "chown"}, unknown), 1u << CAP_CHOWN);
  EXPECT_EQ(unknown, (std::vector<std::string>{"CAP_MAGIC", "chown"}));
}

TEST(Capabilities, AreTakenFromPeopleInAnyFormAndAsAll) {
  EXPECT_EQ(capability_mask_of_user({"chown", "CAP_KILL", "Cap_Net_Raw"}, "--cap-add"),
            1u << CAP_CHOWN | 1u << CAP_KILL | 1u << CAP_NET_RAW);
  EXPECT_EQ(capability_mask_of_user({"all"}, "--cap-add"), kAllCapabilities);
  EXPECT_EQ(refusal([] { capability_mask_of_user({"magic"}, "--cap-drop"); }), "--cap-drop: unknown capability \"magic\"");
}

struct Planned {
  CapabilityPlan plan;
  std::vector<std::string> warnings;
};
Planned planned(const spec::Capabilities& sets, std::uint64_t grantable = kAllCapabilities) {
  Planned made;
  made.plan = plan_capabilities(sets, grantable, made.warnings);
  return made;
}

TEST(CapabilityPlan, KeepsTheFiveSetsApart) {
  const auto [plan, warnings] = planned({.bounding = {"CAP_CHOWN", "CAP_KILL", "CAP_SETUID"},
                                         .effective = {"CAP_CHOWN"},
                                         .inheritable = {"CAP_KILL"},
                                         .permitted = {"CAP_CHOWN", "CAP_KILL"},
                                         .ambient = {"CAP_KILL"}});
  EXPECT_EQ(plan.bounding, 1u << CAP_CHOWN | 1u << CAP_KILL | 1u << CAP_SETUID);
  EXPECT_EQ(plan.effective, 1u << CAP_CHOWN);
  EXPECT_EQ(plan.permitted, 1u << CAP_CHOWN | 1u << CAP_KILL);
  EXPECT_EQ(plan.inheritable, 1u << CAP_KILL);
  EXPECT_EQ(plan.ambient, 1u << CAP_KILL);
  EXPECT_TRUE(warnings.empty());
}

TEST(CapabilityPlan, RefusesWhatTheKernelWouldNotGrant) {
  EXPECT_EQ(refusal([] {
              planned({.bounding = {}, .effective = {"CAP_CHOWN", "CAP_KILL"}, .permitted = {"CAP_KILL"}});
            }),
            "process.capabilities.effective: CAP_CHOWN not in process.capabilities.permitted");
  EXPECT_EQ(refusal([] { planned({.bounding = {}, .inheritable = {"CAP_CHOWN"}}); }),
            "process.capabilities.inheritable: CAP_CHOWN not in process.capabilities.bounding");
}

TEST(CapabilityPlan, LeavesOutWithAWarningWhatNobodyCanGrant) {
  const std::vector<std::string> names{"CAP_CHOWN", "CAP_MAGIC", "CAP_CHECKPOINT_RESTORE"};
  const auto [plan, warnings] = planned({.bounding = names, .effective = names, .permitted = names}, capabilities_up_to(37));
  EXPECT_EQ(plan.bounding, 1u << CAP_CHOWN);
  EXPECT_EQ(plan.effective, 1u << CAP_CHOWN);
  EXPECT_EQ(plan.permitted, 1u << CAP_CHOWN);
  EXPECT_EQ(warnings,
            std::vector<std::string>{"ignoring unknown or unavailable capabilities: CAP_MAGIC, CAP_CHECKPOINT_RESTORE"});
  EXPECT_EQ(capabilities_up_to(63), ~std::uint64_t{0});
}

TEST(CapabilityPlan, LeavesOutWhatCannotBeAmbientAndSaysSoUnlessNothingIsInheritable) {
  const auto mixed = planned(
      {.bounding = {"CAP_KILL"}, .inheritable = {"CAP_KILL"}, .permitted = {"CAP_KILL"}, .ambient = {"CAP_KILL", "CAP_CHOWN"}});
  EXPECT_EQ(mixed.plan.ambient, 1u << CAP_KILL);
  EXPECT_EQ(mixed.warnings,
            std::vector<std::string>{"can't raise ambient capability CAP_CHOWN: it is not both permitted and inheritable"});
  const auto none = planned({.bounding = {}, .permitted = {"CAP_CHOWN"}, .ambient = {"CAP_CHOWN"}});
  EXPECT_EQ(none.plan.ambient, 0u);
  EXPECT_TRUE(none.warnings.empty());
  EXPECT_EQ(planned({.bounding = {}, .ambient = {"CAP_CHOWN"}}).warnings.size(), 1u);
}

}  // namespace
}  // namespace caisson::security
