#include "inspect/hold.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::inspect {
namespace {

std::string hold_refusal(std::string_view json) {
  try {
    static_cast<void>(parse_hold(json));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::State);
    return error.message();
  }
  return "accepted";
}

TEST(HoldRecord, SurvivesItsJson) {
  Hold before;
  before.holder = {.pid = 12, .start_time = 18446744073709551615U, .boot_id = "boot"};
  before.pid_namespace = 4026531836U;
  before.namespaces = {{ns::Type::Network, 4026532177U, 3}, {ns::Type::Time, 4026531834U, 4}};
  const Hold after = parse_hold(to_json(before));
  EXPECT_EQ(after.holder, before.holder);
  EXPECT_EQ(after.pid_namespace, before.pid_namespace);
  EXPECT_EQ(after.namespaces, before.namespaces);
  ASSERT_NE(after.find(ns::Type::Time), nullptr);
  EXPECT_EQ(after.find(ns::Type::Time)->descriptor, 4);
  EXPECT_EQ(after.find(ns::Type::User), nullptr);
}

TEST(HoldRecord, IsRefusedWhenItCannotBeTrue) {
  EXPECT_NE(hold_refusal(""), "accepted");
  EXPECT_NE(hold_refusal("{}"), "accepted");
  const auto record = [](std::string_view pid, std::string_view held) {
    return std::string(R"({"pid":)") + std::string(pid) + R"(,"startTime":5,"bootId":"b","pidNamespace":7,"namespaces":[)" +
           std::string(held) + "]}";
  };
  EXPECT_EQ(hold_refusal(record("7", R"({"type":"network","inode":9,"descriptor":3})")), "accepted");
  EXPECT_EQ(hold_refusal(record("0", R"({"type":"network","inode":9,"descriptor":3})")), "the record of a hold: no process id");
  EXPECT_EQ(hold_refusal(record("7", "")), "the record of a hold: no namespaces");
  EXPECT_EQ(hold_refusal(record("7", R"({"type":"network","inode":9,"descriptor":-1})")),
            "the record of a hold: a namespace without number");
  EXPECT_NE(hold_refusal(record("7", R"({"type":"other","inode":9,"descriptor":3})")), "accepted");
}

}  // namespace
}  // namespace caisson::inspect
