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
  EXPECT_EQ(capability_mask(capability_names(kAllCapabilities), "x"), kAllCapabilities);
}

TEST(Capabilities, OfDockerAreFourteenAndOfRuncSpecThree) {
  EXPECT_EQ(capability_names(kDockerCapabilities).size(), 14u);
  EXPECT_EQ(capability_names(kRuncSpecCapabilities),
            (std::vector<std::string>{"CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_AUDIT_WRITE"}));
}

TEST(Capabilities, RefuseUnknownNamesWithTheirPlace) {
  EXPECT_EQ(refusal([] {
              capability_mask({"CAP_CHOWN", "CAP_MAGIC"}, "process.capabilities.bounding");
            }),
            "process.capabilities.bounding[1]: unknown capability \"CAP_MAGIC\"");
  EXPECT_EQ(refusal([] { capability_mask({"chown"}, "process.capabilities.bounding"); }),
            "process.capabilities.bounding[0]: unknown capability \"chown\"");
}

TEST(Capabilities, AreTakenFromPeopleInAnyFormAndAsAll) {
  EXPECT_EQ(capability_mask_of_user({"chown", "CAP_KILL", "Cap_Net_Raw"}, "--cap-add"),
            capability_mask({"CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"}, "x"));
  EXPECT_EQ(capability_mask_of_user({"all"}, "--cap-add"), kAllCapabilities);
  EXPECT_EQ(refusal([] { capability_mask_of_user({"magic"}, "--cap-drop"); }), "--cap-drop: unknown capability \"magic\"");
}

TEST(CapabilityPlan, KeepsTheFiveSetsApart) {
  const CapabilityPlan plan = plan_capabilities({.bounding = {"CAP_CHOWN", "CAP_KILL", "CAP_SETUID"},
                                                 .effective = {"CAP_CHOWN"},
                                                 .inheritable = {"CAP_KILL"},
                                                 .permitted = {"CAP_CHOWN", "CAP_KILL"},
                                                 .ambient = {"CAP_KILL"}});
  EXPECT_EQ(plan.bounding, 1u << CAP_CHOWN | 1u << CAP_KILL | 1u << CAP_SETUID);
  EXPECT_EQ(plan.effective, 1u << CAP_CHOWN);
  EXPECT_EQ(plan.permitted, 1u << CAP_CHOWN | 1u << CAP_KILL);
  EXPECT_EQ(plan.inheritable, 1u << CAP_KILL);
  EXPECT_EQ(plan.ambient, 1u << CAP_KILL);
}

TEST(CapabilityPlan, RefusesWhatTheKernelWouldNotGrant) {
  EXPECT_EQ(refusal([] {
              plan_capabilities({.bounding = {}, .effective = {"CAP_CHOWN", "CAP_KILL"}, .permitted = {"CAP_KILL"}});
            }),
            "process.capabilities.effective: CAP_CHOWN not in process.capabilities.permitted");
  EXPECT_EQ(refusal([] { plan_capabilities({.bounding = {}, .ambient = {"CAP_CHOWN"}}); }),
            "process.capabilities.ambient: CAP_CHOWN not in process.capabilities.permitted");
  EXPECT_EQ(plan_capabilities({.bounding = {}, .permitted = {"CAP_CHOWN"}, .ambient = {"CAP_CHOWN"}}).ambient, 0u);
  EXPECT_EQ(refusal([] { plan_capabilities({.bounding = {}, .inheritable = {"CAP_CHOWN"}}); }),
            "process.capabilities.inheritable: CAP_CHOWN not in process.capabilities.bounding");
}

TEST(CapabilityPlan, RefusesCapabilitiesThatThisKernelLacks) {
  const CapabilityPlan plan{.bounding = std::uint64_t{1} << CAP_CHECKPOINT_RESTORE};
  EXPECT_EQ(refusal([&] { require_known_capabilities(plan, 37); }),
            "process.capabilities: this kernel does not have CAP_CHECKPOINT_RESTORE");
  EXPECT_EQ(refusal([&] { require_known_capabilities(plan, 40); }), "");
}

}  // namespace
}  // namespace caisson::security
