#include "json/document.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/json/refusal.hpp"

namespace caisson::json {
namespace {

using test::refusal;

std::string parse_refusal(std::string_view text) {
  return refusal([&] { Document document(text); });
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Document, GivesValuesOfEveryType) {
  const Document document(R"({"s":"text","b":true,"i":-3,"u":18446744073709551615,"a":[1,2],"o":{"x":null}})");
  const Value root = document.root();
  EXPECT_EQ(root["s"].string(), "text");
  EXPECT_TRUE(root["b"].boolean());
  EXPECT_EQ(root["i"].integer<int>(), -3);
  EXPECT_EQ(root["u"].integer<std::uint64_t>(), 18446744073709551615u);
  EXPECT_EQ(root["a"].array_size(), 2u);
  EXPECT_EQ(root["a"].element(1).integer<unsigned>(), 2u);
  EXPECT_EQ(root["o"].object_size(), 1u);
  EXPECT_EQ(root["o"].key(0), "x");
  EXPECT_TRUE(root["s"].is_string());
  EXPECT_TRUE(root["u"].is_integer());
  EXPECT_TRUE(root["a"].is_array());
  EXPECT_TRUE(root["o"].is_object());
}

TEST(Document, TakesNullAndMissingMembersAsAbsent) {
  const Document document(R"({"n":null})");
  EXPECT_FALSE(document.root()["n"].present());
  EXPECT_FALSE(document.root()["missing"].present());
}

TEST(Document, LetsTheLastOfEqualKeysWin) {
  const Document document(R"({"a":1,"a":2})");
  EXPECT_EQ(document.root()["a"].integer<int>(), 2);
}

TEST(Document, OutlivesItsText) {
  std::string text = R"({"a":"value that is longer than any short string"})";
  const Document document(text);
  text.assign(text.size(), 'x');
  EXPECT_EQ(document.root()["a"].text(), "value that is longer than any short string");
}

TEST(Document, CanBeMoved) {
  Document first(R"({"a":"b"})");
  const Document second(std::move(first));
  EXPECT_EQ(second.root()["a"].text(), "b");
}

TEST(Document, DecodesEscapes) {
  const Document document(R"(["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"])");
  EXPECT_EQ(document.root().element(0).text(), "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(Document, SaysWhatWasExpectedAndFound) {
  const Document document(
      R"({"process":{"capabilities":{"bounding":["a","b","c",4]},"args":"sh","terminal":1,"cwd":[]},"x":true})");
  const Value process = document.root()["process"];
  EXPECT_EQ(refusal([&] { process["capabilities"]["bounding"].element(3).text(); }),
            "process.capabilities.bounding[3]: expected a string, found a number");
  EXPECT_EQ(refusal([&] { process["args"].array_size(); }), "process.args: expected an array, found a string");
  EXPECT_EQ(refusal([&] { process["terminal"].boolean(); }), "process.terminal: expected a boolean, found a number");
  EXPECT_EQ(refusal([&] { process["cwd"].require_object(); }), "process.cwd: expected an object, found an array");
  EXPECT_EQ(refusal([&] { process["args"]["x"]; }), "process.args: expected an object, found a string");
  EXPECT_EQ(refusal([&] { document.root()["x"].integer<int>(); }), "x: expected an integer, found a boolean");
  EXPECT_EQ(refusal([&] { document.root().text(); }), "the document: expected a string, found an object");
}

TEST(Document, NamesNullInsideLists) {
  const Document document(R"({"args":["sh",null]})");
  EXPECT_EQ(refusal([&] { document.root()["args"].element(1).text(); }), "args[1]: expected a string, found null");
}

TEST(Document, QuotesKeysThatAreNoWordsInPaths) {
  const Document document(R"({"sysctl":{"net.ipv4.ip_forward":1,"":2}})");
  EXPECT_EQ(document.root()["sysctl"].member(0).path(), "sysctl[\"net.ipv4.ip_forward\"]");
  EXPECT_EQ(document.root()["sysctl"].member(1).path(), "sysctl[\"\"]");
  EXPECT_EQ(document.root().path(), "");
}

TEST(Document, RefusesIntegersThatDoNotFit) {
  const Document document(R"([256,-1,4294967296,9223372036854775808,18446744073709551616,-9223372036854775809,1e30,-129])");
  const Value all = document.root();
  EXPECT_EQ(refusal([&] { all.element(0).integer<std::uint8_t>(); }), "[0]: the number is out of range 0..255");
  EXPECT_EQ(refusal([&] { all.element(1).integer<std::uint32_t>(); }), "[1]: the number is out of range 0..4294967295");
  EXPECT_EQ(refusal([&] { all.element(2).integer<std::uint32_t>(); }), "[2]: the number is out of range 0..4294967295");
  EXPECT_EQ(refusal([&] { all.element(2).integer<std::int32_t>(); }),
            "[2]: the number is out of range -2147483648..2147483647");
  EXPECT_EQ(refusal([&] { all.element(3).integer<std::int64_t>(); }),
            "[3]: the number is out of range -9223372036854775808..9223372036854775807");
  EXPECT_EQ(refusal([&] { all.element(4).integer<std::uint64_t>(); }),
            "[4]: the number is out of range 0..18446744073709551615");
  EXPECT_EQ(refusal([&] { all.element(5).integer<std::int64_t>(); }),
            "[5]: the number is out of range -9223372036854775808..9223372036854775807");
  EXPECT_EQ(refusal([&] { all.element(6).integer<std::uint64_t>(); }),
            "[6]: the number is out of range 0..18446744073709551615");
  EXPECT_EQ(refusal([&] { all.element(7).integer<std::int8_t>(); }), "[7]: the number is out of range -128..127");
}

TEST(Document, RefusesFractionsAndExponentsAsIntegers) {
  const Document document("[1.0,1e2,0.5,-0.0]");
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(refusal([&] { document.root().element(i).integer<int>(); }),
              "[" + std::to_string(i) + "]: expected an integer, found a number with a fraction or an exponent");
  }
  EXPECT_FALSE(document.root().element(0).is_integer());
}

TEST(Document, SaysLineAndColumnOfSyntaxErrors) {
  EXPECT_EQ(parse_refusal("{\n  \"a\": 1,\n  \"b\": nul\n}"), "line 3, column 11: expected a value");
  EXPECT_EQ(parse_refusal("{\"a\":1,}"), "line 1, column 8: expected a member name in double quotes");
  EXPECT_EQ(parse_refusal("{\"a\" 1}"), "line 1, column 6: expected ':' after a member name");
  EXPECT_EQ(parse_refusal("{\"a\":1 \"b\":2}"), "line 1, column 8: expected ',' or '}' after an object member");
  EXPECT_EQ(parse_refusal("[1 2]"), "line 1, column 4: expected ',' or ']' after an array element");
  EXPECT_EQ(parse_refusal("{} {}"), "line 1, column 4: text after the end of the document");
  EXPECT_EQ(parse_refusal(""), "line 1, column 1: the document is empty");
  EXPECT_EQ(parse_refusal(" \n "), "line 2, column 2: the document is empty");
  EXPECT_EQ(parse_refusal("[1.]"), "line 1, column 4: expected a digit after the decimal point");
  EXPECT_EQ(parse_refusal("[1e]"), "line 1, column 4: expected a digit in the exponent");
  EXPECT_EQ(parse_refusal("[1e999]").substr(0, 6), "line 1");
  EXPECT_EQ(parse_refusal("[01]"), "line 1, column 3: expected ',' or ']' after an array element");
  EXPECT_EQ(parse_refusal("// comment\n{}"), "line 1, column 1: expected a value");
}

TEST(Document, CountsLinesInTheTextAndNotInDecodedStrings) {
  EXPECT_EQ(parse_refusal("{\"a\":\"x\\ny\\nz\",\n\"b\":}"), "line 2, column 5: expected a value");
}

TEST(Document, RefusesBrokenStrings) {
  EXPECT_EQ(parse_refusal("[\"\\q\"]"), "line 1, column 3: unknown escape in a string");
  EXPECT_EQ(parse_refusal("[\"abc"), "line 1, column 6: a string without its closing quote");
  EXPECT_EQ(parse_refusal("[\"\\u12g4\"]"), "line 1, column 3: \\u is not followed by four hexadecimal digits");
  EXPECT_EQ(parse_refusal("[\"\\ud800x\"]"), "line 1, column 3: half of a surrogate pair in a string");
  EXPECT_NE(parse_refusal("[\"a\nb\"]"), "nothing");
}

TEST(Document, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(parse_refusal("{\n\"a\":\"\xff\"}"), "line 2, column 8: a string that is not UTF-8");
  EXPECT_NE(parse_refusal("[\"\xc0\xaf\"]"), "nothing");          // overlong '/'
  EXPECT_NE(parse_refusal("[\"\xed\xa0\x80\"]"), "nothing");      // a surrogate
  EXPECT_NE(parse_refusal("[\"\xf4\x90\x80\x80\"]"), "nothing");  // above U+10FFFF
  EXPECT_NE(parse_refusal("[\"\xe2\x82\"]"), "nothing");          // cut off
  EXPECT_EQ(parse_refusal("[\"\\udc00\"]"), "line 1, column 10: a string that is not UTF-8");
  EXPECT_EQ(parse_refusal("{\"\xff\":1}"), "line 1, column 5: a string that is not UTF-8");
  EXPECT_EQ(parse_refusal("[\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"]"), "nothing");
}

TEST(Document, RefusesNulBytes) {
  EXPECT_EQ(parse_refusal("{\"a\":\"x\\u0000y\"}"), "line 1, column 16: a NUL character in a string");
  EXPECT_EQ(parse_refusal("{\"12345678\\u0000\":1}"), "line 1, column 18: a NUL character in a string");
  EXPECT_EQ(parse_refusal(std::string_view("{}\0{", 4)), "line 1, column 3: a NUL byte");
}

TEST(Document, CapsDepthAndSize) {
  EXPECT_EQ(parse_refusal(nested(64)), "nothing");
  EXPECT_EQ(parse_refusal(nested(65)), "line 1, column 66: more than 64 arrays and objects inside each other");
  EXPECT_EQ(parse_refusal(std::string(1'000'000, '[')), "line 1, column 66: more than 64 arrays and objects inside each other");
  EXPECT_EQ(parse_refusal(std::string(kMaxDocumentBytes + 1, ' ')),
            "the document has 16777217 bytes, more than the 16777216 that are read");
  EXPECT_EQ(parse_refusal("[" + std::string(kMaxDocumentBytes - 2, ' ') + "]"), "nothing");
}

TEST(Document, CountsDepthAndNotBrackets) {
  std::string wide = "[";
  for (int i = 0; i < 200; ++i) wide += "[],{},";
  EXPECT_EQ(parse_refusal(wide + "0]"), "nothing");
}

TEST(Document, RefusesElementsThatAreNotThere) {
  const Document document(R"({"a":[1]})");
  EXPECT_EQ(refusal([&] { document.root()["a"].element(1); }), "a: has no element 1");
  EXPECT_EQ(refusal([&] { document.root().member(1); }), "the document: has no member 1");
  EXPECT_EQ(refusal([&] { document.root().key(1); }), "the document: has no member 1");
  EXPECT_EQ(refusal([&] { document.root()["b"].text(); }), "the document: expected a string, found nothing");
}

}  // namespace
}  // namespace caisson::json
