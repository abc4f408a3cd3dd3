#include "inspect/filter.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/error.hpp"

namespace caisson::inspect {
namespace {

const std::map<std::string, ColumnValue, std::less<>> kLine = {
    {"NS", {"4026531840", true}}, {"TYPE", {"net", false}}, {"NPROCS", {"12", true}}, {"COMMAND", {"sleep 60", false}},
    {"USER", {"root", false}},    {"PID", {"", true}},      {"NSFS", {"", false}},
};

bool passes(std::string_view expression) {
  const Filter filter = Filter::parse(expression);
  return filter.matches([&](std::size_t i) { return kLine.at(filter.names()[i]); });
}

std::string filter_refusal(std::string_view expression) {
  try {
    static_cast<void>(Filter::parse(expression));
  } catch (const Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(Filters, CompareNumbersAsNumbersAndTextAsText) {
  EXPECT_TRUE(passes("NPROCS == 12"));
  EXPECT_TRUE(passes("NPROCS > 9"));
  EXPECT_FALSE(passes("NPROCS > \"9\""));  // a literal in quotes makes it text: "12" < "9"
  EXPECT_TRUE(passes("NPROCS>=12&&NPROCS<=12"));
  EXPECT_TRUE(passes("TYPE == \"net\""));
  EXPECT_TRUE(passes("TYPE != 'mnt'"));
  EXPECT_TRUE(passes("TYPE < 'pid'"));
  EXPECT_TRUE(passes("NPROCS < 12.5"));
  EXPECT_TRUE(passes("NPROCS < NS"));
  EXPECT_TRUE(passes("NS > 3G"));
  EXPECT_TRUE(passes("NPROCS < 1KiB"));
}

TEST(Filters, KnowWordsForOperators) {
  EXPECT_TRUE(passes("NPROCS eq 12 and TYPE ne 'mnt'"));
  EXPECT_TRUE(passes("NPROCS GT 3 AND NOT (NPROCS LT 3)"));
  EXPECT_TRUE(passes("NPROCS le 3 or NPROCS ge 4"));
}

TEST(Filters, TakeABareNameForWhetherThereIsSomething) {
  EXPECT_TRUE(passes("USER"));
  EXPECT_FALSE(passes("PID"));
  EXPECT_TRUE(passes("!NSFS"));
  EXPECT_TRUE(passes("not NSFS and USER"));
}

TEST(Filters, MatchRegularExpressions) {
  EXPECT_TRUE(passes("COMMAND =~ '^sleep( [0-9]+)?$'"));
  EXPECT_TRUE(passes("COMMAND !~ \"^bash\""));
  EXPECT_FALSE(passes("COMMAND =~ 'x'"));
  EXPECT_TRUE(passes("NPROCS =~ '^1'"));
}

TEST(Filters, LetEmptyColumnsOnlyBeUnequal) {
  EXPECT_FALSE(passes("PID == 0"));
  EXPECT_FALSE(passes("PID < 7"));
  EXPECT_FALSE(passes("PID >= 7"));
  EXPECT_TRUE(passes("PID != 7"));
}

TEST(Filters, BindAndLikeOrFromTheLeft) {
  EXPECT_FALSE(passes("true or true and false"));
  EXPECT_TRUE(passes("true or (true and false)"));
  EXPECT_TRUE(passes("false and false or true"));
}

TEST(Filters, LetNotBindToTheOperandNextToIt) {
  EXPECT_FALSE(passes("!NPROCS == 13"));  // whether there are none is a 0 or 1
  EXPECT_TRUE(passes("!NPROCS == 0"));
  EXPECT_TRUE(passes("!(NPROCS == 13)"));
}

TEST(Filters, NameTheirColumnsOnce) {
  const Filter filter = Filter::parse("TYPE == 'net' || pid > 1 && TYPE");
  EXPECT_EQ(filter.names(), (std::vector<std::string>{"TYPE", "pid"}));
}

TEST(Filters, SayWhatIsWrongAndWhere) {
  EXPECT_EQ(filter_refusal(""), "at character 1: a column or a value is expected here");
  EXPECT_EQ(filter_refusal("NPROCS >"), "at character 9: a column or a value is expected here");
  EXPECT_EQ(filter_refusal("NPROCS 3"), "at character 8: an operator is expected here");
  EXPECT_EQ(filter_refusal("(NPROCS"), "at character 8: \")\" is expected here");
  EXPECT_EQ(filter_refusal("TYPE == \"net"), "at character 9: this quote is not closed");
  EXPECT_EQ(filter_refusal("TYPE =~ net"), "at character 9: a regular expression in quotes is expected here");
  EXPECT_EQ(filter_refusal("NPROCS > 12x"), "at character 10: this is no number");
  EXPECT_EQ(filter_refusal("NPROCS $ 1"), "at character 8: unexpected \"$\"");
  EXPECT_NE(filter_refusal("TYPE =~ '('").find("bad regular expression"), std::string::npos);
}

TEST(Filters, AreNotAsDeepAsTheStack) {
  EXPECT_EQ(filter_refusal(std::string(100000, '(')), "at character 201: too deeply nested");
  EXPECT_EQ(filter_refusal(std::string(100000, '!')), "at character 201: too deeply nested");
  EXPECT_TRUE(passes(std::string(100, '(') + "1" + std::string(100, ')')));
}

}  // namespace
}  // namespace caisson::inspect
