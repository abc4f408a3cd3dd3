#include "spec/features.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {
namespace {

std::vector<std::string> list(const json::Value& value) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < value.array_size(); ++i) out.push_back(value.element(i).string());
  return out;
}

FeaturesInput everything() {
  FeaturesInput input;
  input.mount_options = {"bind", "rro"};
  input.cgroup = {.v1 = true, .v2 = true, .systemd = true, .systemd_user = true, .rdma = true};
  input.seccomp.enabled = true;
  input.seccomp.supported_flags = {"SECCOMP_FILTER_FLAG_LOG"};
  input.apparmor = input.selinux = true;
  input.intel_rdt = {.enabled = true, .schemata = true, .monitoring = true};
  input.memory_policy_modes = {"MPOL_BIND"};
  input.memory_policy_flags = {"MPOL_F_STATIC_NODES"};
  input.idmap_mounts = input.net_devices = true;
  input.annotations = {{"org.opencontainers.runc.checkpoint.enabled", "false"}};
  input.potentially_unsafe_config_annotations = {"bundle", "org.systemd.property."};
  return input;
}

TEST(WriteFeatures, HasEveryMemberOfTheSpecification) {
  const json::Document document(write_features(everything()));
  const json::Value root = document.root(), kernel = root["linux"];
  EXPECT_EQ(root["ociVersionMin"].text(), "1.0.0");
  EXPECT_EQ(root["ociVersionMax"].text(), kSpecVersion);
  EXPECT_EQ(list(root["hooks"]), (std::vector<std::string>{"prestart", "createRuntime", "createContainer", "startContainer",
                                                           "poststart", "poststop"}));
  EXPECT_EQ(list(root["mountOptions"]), (std::vector<std::string>{"bind", "rro"}));
  EXPECT_EQ(list(kernel["namespaces"]),
            (std::vector<std::string>{"cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"}));
  EXPECT_EQ(list(kernel["capabilities"]).size(), 41u);
  for (const char* member : {"v1", "v2", "systemd", "systemdUser", "rdma"}) EXPECT_TRUE(kernel["cgroup"][member].boolean());
  const json::Value seccomp = kernel["seccomp"];
  EXPECT_TRUE(seccomp["enabled"].boolean());
  EXPECT_EQ(list(seccomp["actions"]), (std::vector<std::string>{"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
                                                                "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
                                                                "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"}));
  EXPECT_EQ(list(seccomp["operators"]).size(), 7u);
  EXPECT_EQ(list(seccomp["archs"]).size(), 23u);
  EXPECT_EQ(list(seccomp["knownFlags"]).size(), 4u);
  EXPECT_EQ(list(seccomp["supportedFlags"]), (std::vector<std::string>{"SECCOMP_FILTER_FLAG_LOG"}));
  EXPECT_TRUE(kernel["apparmor"]["enabled"].boolean());
  EXPECT_TRUE(kernel["selinux"]["enabled"].boolean());
  for (const char* member : {"enabled", "schemata", "enableMonitoring"}) EXPECT_TRUE(kernel["intelRdt"][member].boolean());
  EXPECT_EQ(list(kernel["memoryPolicy"]["modes"]), (std::vector<std::string>{"MPOL_BIND"}));
  EXPECT_EQ(list(kernel["memoryPolicy"]["flags"]), (std::vector<std::string>{"MPOL_F_STATIC_NODES"}));
  EXPECT_TRUE(kernel["mountExtensions"]["idmap"]["enabled"].boolean());
  EXPECT_TRUE(kernel["netDevices"]["enabled"].boolean());
  EXPECT_EQ(root["annotations"]["org.opencontainers.runc.checkpoint.enabled"].text(), "false");
  EXPECT_EQ(list(root["potentiallyUnsafeConfigAnnotations"]), (std::vector<std::string>{"bundle", "org.systemd.property."}));
}

TEST(WriteFeatures, SaysWhatIsNotThere) {
  const json::Document document(write_features({}));
  const json::Value kernel = document.root()["linux"];
  EXPECT_FALSE(kernel["cgroup"]["v2"].boolean());
  EXPECT_FALSE(kernel["seccomp"]["enabled"].boolean());
  EXPECT_FALSE(kernel["seccomp"]["actions"].present());
  EXPECT_FALSE(kernel["memoryPolicy"].present());
  EXPECT_FALSE(kernel["intelRdt"]["enabled"].boolean());
  EXPECT_FALSE(document.root()["annotations"].present());
  EXPECT_EQ(document.root()["mountOptions"].array_size(), 0u);
}

TEST(WriteFeatures, TakesNarrowerListsFromItsInput) {
  FeaturesInput input = everything();
  input.seccomp.archs = {"SCMP_ARCH_X86_64"};
  input.capabilities = {"CAP_CHOWN"};
  input.namespaces = {"pid"};
  const json::Document document(write_features(input));
  EXPECT_EQ(list(document.root()["linux"]["seccomp"]["archs"]), (std::vector<std::string>{"SCMP_ARCH_X86_64"}));
  EXPECT_EQ(list(document.root()["linux"]["capabilities"]), (std::vector<std::string>{"CAP_CHOWN"}));
  EXPECT_EQ(list(document.root()["linux"]["namespaces"]), (std::vector<std::string>{"pid"}));
}

TEST(WriteFeatures, IsIndentedByFourSpaces) {
  EXPECT_TRUE(write_features({}).starts_with("{\n    \"ociVersionMin\": \"1.0.0\",\n"));
}

}  // namespace
}  // namespace caisson::spec
