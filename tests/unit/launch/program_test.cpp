#include "launch/program.hpp"

#include <gtest/gtest.h>

namespace caisson::launch {
namespace {

constexpr const char* kEnvironment[] = {"A=1", "AB=2", "EMPTY=", "no equals sign", "B=x=y", nullptr};

std::vector<std::string> kept(const std::vector<std::string>& names) {
  std::vector<std::string> texts;
  for (const char* entry : listed_variables(kEnvironment, names)) texts.emplace_back(entry);
  return texts;
}

TEST(Program, ReadsVariablesByTheirWholeName) {
  EXPECT_EQ(variable(kEnvironment, "A"), "1");
  EXPECT_EQ(variable(kEnvironment, "AB"), "2");
  EXPECT_EQ(variable(kEnvironment, "B"), "x=y");
  EXPECT_EQ(variable(kEnvironment, "EMPTY"), "");
  EXPECT_EQ(variable(kEnvironment, "C"), "");
  EXPECT_EQ(variable(kEnvironment, "no equals sign"), "");
}

TEST(Program, KeepsListedVariablesInTheOrderOfTheListOnce) {
  EXPECT_EQ(kept({"B", "C", "A", "B", "EMPTY"}), (std::vector<std::string>{"B=x=y", "A=1", "EMPTY="}));
  EXPECT_TRUE(kept({}).empty());
}

}  // namespace
}  // namespace caisson::launch
