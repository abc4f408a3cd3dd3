#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace caisson::json {
namespace {

void write_sample(Writer& out) {
  out.begin_object();
  out.key("b").string("x");
  out.key("a").begin_array().integer(1).begin_object().end_object().begin_array().end_array().boolean(true).null().end_array();
  out.key("o").begin_object().key("deep").integer(-2).end_object();
  out.end_object();
}

std::string quoted(std::string_view text) {
  Writer out(kCompact);
  out.string(text);
  return out.take();
}

TEST(Writer, WritesOneLineInTheOrderGiven) {
  Writer out(kCompact);
  write_sample(out);
  EXPECT_EQ(out.take(), R"({"b":"x","a":[1,{},[],true,null],"o":{"deep":-2}})");
}

TEST(Writer, IndentsAsGoDoes) {
  Writer out(kTabs);
  write_sample(out);
  EXPECT_EQ(out.take(),
            "{\n\t\"b\": \"x\",\n\t\"a\": [\n\t\t1,\n\t\t{},\n\t\t[],\n\t\ttrue,\n\t\tnull\n\t],\n"
            "\t\"o\": {\n\t\t\"deep\": -2\n\t}\n}");
}

TEST(Writer, KeepsTheFullRangeOfIntegers) {
  Writer out(kCompact);
  out.begin_array().integer(std::numeric_limits<std::uint64_t>::max()).integer(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out.end_array().take(), "[18446744073709551615,-9223372036854775808]");
}

TEST(Writer, EscapesWhatJsonNeedsAndNothingElse) {
  EXPECT_EQ(quoted("/a/b <&>"), "\"/a/b <&>\"");
  EXPECT_EQ(quoted("\"\\\n\r\t\b\x01\x1f\x7f"), "\"\\\"\\\\\\n\\r\\t\\u0008\\u0001\\u001f\x7f\"");
  EXPECT_EQ(quoted("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\"");
}

TEST(Writer, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(quoted("a\xff"
                   "b\xe2\x82"),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace caisson::json
