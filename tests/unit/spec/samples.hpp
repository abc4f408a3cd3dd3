// The configurations of this folder, and what a call refuses.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "spec/read_config.hpp"
#include "spec/validate.hpp"
#include "unit/json/refusal.hpp"

namespace caisson::spec {

using test::refusal;

inline std::string sample_text(const std::string& name) {
  std::ifstream file(std::string(CAISSON_TEST_DATA) + "/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}
inline Spec sample(const std::string& name) { return read_config(sample_text(name)); }

// The smallest valid configuration with every namespace new.
inline Spec small_spec() {
  return read_config(R"({"ociVersion":"1.2.0","root":{"path":"rootfs"},"process":{"args":["sh"],"cwd":"/"},
    "linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"mount"},{"type":"ipc"},{"type":"uts"},{"type":"cgroup"},
    {"type":"time"}]}})");
}

}  // namespace caisson::spec
