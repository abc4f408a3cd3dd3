#include "spec/default_spec.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "spec/write_config.hpp"
#include "unit/spec/samples.hpp"

namespace caisson::spec {
namespace {

// What runc 1.1.5 wrote on a host with cgroup v1, brought to what runc writes today on v2.
Spec as_runc_today(Spec spec) {
  spec.oci_version = kSpecVersion;
  spec.hostname = "caisson";
  spec.process->capabilities->ambient.clear();
  const auto user = std::ranges::find(spec.linux_->namespaces, NamespaceType::User, &Namespace::type);
  spec.linux_->namespaces.insert(user, {NamespaceType::Cgroup, ""});
  spec.linux_->masked_paths.emplace_back("/sys/devices/virtual/tpm");
  return spec;
}

TEST(DefaultSpec, IsWhatRuncWrites) {
  EXPECT_EQ(write_config(default_spec()), write_config(as_runc_today(sample("runc_config.json"))));
}

TEST(DefaultSpec, IsWhatRuncWritesForAnOrdinaryUser) {
  Spec expected = as_runc_today(sample("runc_rootless_config.json"));
  expected.linux_->uid_mappings[0].host_id = 1000;
  expected.linux_->gid_mappings[0].host_id = 1001;
  EXPECT_EQ(write_config(default_spec({.rootless = Owner{1000, 1001}})), write_config(expected));
}

TEST(DefaultSpec, IsValid) {
  EXPECT_EQ(refusal([] { validate(default_spec()); }), "nothing");
  EXPECT_EQ(refusal([] { validate(default_spec({.rootless = Owner{1000, 1000}})); }), "nothing");
}

TEST(DefaultSpec, DeniesAllDevicesFirst) {
  const std::string text = write_config(default_spec(), json::kCompact);
  EXPECT_NE(text.find(R"("resources":{"devices":[{"allow":false,"access":"rwm"}]})"), std::string::npos) << text;
}

}  // namespace
}  // namespace caisson::spec
