#include "toml/parser.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"
#include "toml/from_json.hpp"
#include "toml/writer.hpp"

namespace caisson::toml {
namespace {

// A tree in one line, by which two of them can be compared.
std::string shown(const Value& value) {
  std::string out;
  if (value.kind == Kind::Table) {
    for (const Member& member : value.members) out += (out.empty() ? "" : ",") + member.name + "=" + shown(member.value);
    return "{" + out + "}";
  }
  if (value.kind == Kind::List) {
    for (const Value& item : value.items) out += (out.empty() ? "" : ",") + shown(item);
    return "[" + out + "]";
  }
  if (value.kind == Kind::Boolean) return value.truth ? "true" : "false";
  return value.kind == Kind::Text ? "'" + value.text + "'" : value.text;
}
std::string read(std::string_view text) { return shown(parse(text, "f")); }

template <class Reader>
std::string refusal_of(const Reader& reader) {
  try {
    reader();
    return "accepted";
  } catch (const Error& error) {
    return error.message();
  }
}
std::string refusal(std::string_view text) {
  return refusal_of([&] { parse(text, "f"); });
}
std::string json_refusal(std::string_view text) {
  return refusal_of([&] { parse_json(text, "f"); });
}

TEST(Toml, ReadsKeysOfEveryForm) {
  EXPECT_EQ(read(""), "{}");
  EXPECT_EQ(read("# only a comment"), "{}");
  EXPECT_EQ(read("a=1 # x\r\nb-1 = 2\n\"c d\" = 3\n'e\"' = 4\n1234 = 5\n\"\" = 6"), "{a=1,b-1=2,c d=3,e\"=4,1234=5,=6}");
  EXPECT_EQ(read("a.b . \"c.d\" = 1\na.e = 2"), "{a={b={c.d=1},e=2}}");
  EXPECT_EQ(read("3.14 = 1"), "{3={14=1}}");
}

TEST(Toml, ReadsStringsOfEveryForm) {
  EXPECT_EQ(read(R"(a = "x\t\"\\\u00e9\U0001F600\b\f\r\n")"), "{a='x\t\"\\\xc3\xa9\xf0\x9f\x98\x80\b\f\r\n'}");
  EXPECT_EQ(read(R"(a = 'C:\x "y"')"), R"({a='C:\x "y"'})");
  EXPECT_EQ(read("a = \"\"\"\none\\\n   \n  two\r\n\"three\" \"\"\"\"\""), "{a='onetwo\n\"three\" \"\"'}");
  EXPECT_EQ(read("a = '''\n\\one\n''two'''"), "{a='\\one\n''two'}");
  EXPECT_EQ(read("a = \"\"\nb = ''\nc = \"\"\"\"\"\"\nd=''''''"), "{a='',b='',c='',d=''}");
}

TEST(Toml, ReadsNumbersTruthAndMoments) {
  EXPECT_EQ(read("a=[+1, -0, 1_000, 0xDEAD_beef, 0o17, 0b101, -9223372036854775808]"),
            "{a=[1,0,1000,3735928559,15,5,-9223372036854775808]}");
  EXPECT_EQ(read("a=[+1.0, -0.5e-3, 1e1_0, 6.6E+3, inf, -nan, 9_2.1_2]"), "{a=[+1.0,-0.5e-3,1e10,6.6E+3,inf,-nan,92.12]}");
  EXPECT_EQ(read("a=[true,false]"), "{a=[true,false]}");
  EXPECT_EQ(read("a=[1979-05-27T07:32:00Z, 1979-05-27 07:32:00.5-07:00, 2000-02-29, 07:32:60, 1979-05-27 07:32:00]"),
            "{a=[1979-05-27T07:32:00Z,1979-05-27 07:32:00.5-07:00,2000-02-29,07:32:60,1979-05-27 07:32:00]}");
}

TEST(Toml, ReadsListsAndTables) {
  EXPECT_EQ(read("a = [ 1, # one\n [ 'x', {b = 2, c.d = 3} ],\n ]"), "{a=[1,['x',{b=2,c={d=3}}]]}");
  EXPECT_EQ(read("a = {}\nb=[]"), "{a={},b=[]}");
  EXPECT_EQ(read("[a.b]\nx=1\n[ a ]\ny=2\n[a.\"c d\"]\n"), "{a={b={x=1},y=2,c d={}}}");
  EXPECT_EQ(read("[[p]]\nn=1\n[p.q]\nm=2\n[[p]]\n[[p.r]]\no=3"), "{p=[{n=1,q={m=2}},{r=[{o=3}]}]}");
  EXPECT_EQ(read("[f]\na.c = 1\na.t.s = 2\n[f.a.x]\ny = 3"), "{f={a={c=1,t={s=2},x={y=3}}}}");
}

TEST(Toml, SaysWhereSomethingStandsTwice) {
  EXPECT_EQ(refusal("a = 1\n a = 2"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(refusal("[a]\n[a]"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(refusal("a = {b = 1}\n[a.c]"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(refusal("a = {b = 1}\na.c = 2"), "f:2:1: \"a\" is there already");
  EXPECT_EQ(refusal("a = {b = 1, b = 2}"), "f:1:13: \"b\" is there already");
  EXPECT_EQ(refusal("a.b = 1\n[a]"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(refusal("[a.b.c]\nz=9\n[a]\nb.c.t = 1"), "f:4:1: \"b\" is there already");
  EXPECT_EQ(refusal("a = []\n[[a]]"), "f:2:3: \"a\" is there already");
  EXPECT_EQ(refusal("[[a]]\n[a]"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(refusal("[a]\n[[a]]"), "f:2:3: \"a\" is there already");
  EXPECT_EQ(refusal("a = 1\na.b = 2"), "f:2:1: \"a\" is there already");
}

TEST(Toml, SaysWhereTheFormIsWrong) {
  EXPECT_EQ(refusal("a = 1 b = 2"), "f:1:7: expected the end of the line");
  EXPECT_EQ(refusal("a"), "f:1:2: expected = behind a name");
  EXPECT_EQ(refusal("\n = 1"), "f:2:2: expected a name");
  EXPECT_EQ(refusal("a ="), "f:1:4: expected a value");
  EXPECT_EQ(refusal("a = yes"), "f:1:5: \"yes\" is no value");
  EXPECT_EQ(refusal("a = [1, 2"), "f:1:10: expected a comma or ] behind an item of a list");
  EXPECT_EQ(refusal("a = [1,, 2]"), "f:1:8: expected a value");
  EXPECT_EQ(refusal("a = {b = 1,}"), "f:1:12: expected a name");
  EXPECT_EQ(refusal("a = {b = 1\n}"), "f:1:11: expected a comma or } behind a member of a table");
  EXPECT_EQ(refusal("[a"), "f:1:3: expected ] behind the name of a table");
  EXPECT_EQ(refusal("[[a] ]"), "f:1:5: expected ]] behind the name of a table");
  EXPECT_EQ(refusal("[]"), "f:1:2: expected a name");
  EXPECT_EQ(refusal("a.'''b''' = 1"), "f:1:3: a string of several lines cannot be a key");
}

TEST(Toml, SaysWhereAStringIsWrong) {
  EXPECT_EQ(refusal("a = \"x\nb = 1"), "f:1:5: a string without its closing quote");
  EXPECT_EQ(refusal("a = '''x"), "f:1:5: a string without its closing quotes");
  EXPECT_EQ(refusal("a = \"\"\"x\"\"\"\"\"\""), "f:1:9: too many quotes at the end of a string");
  EXPECT_EQ(refusal("a = \"\\x\""), "f:1:6: unknown escape in a string");
  EXPECT_EQ(refusal("a = \"\\u12\""), "f:1:6: \\u needs four hexadecimal digits");
  EXPECT_EQ(refusal("a = \"\\ud800\""), "f:1:6: this is no character of Unicode");
  EXPECT_EQ(refusal("a = \"\\u0000\""), "f:1:6: a NUL character in a string");
  EXPECT_EQ(refusal("a = \"\x01\""), "f:1:6: a control character");
  EXPECT_EQ(refusal("a = 1\rb = 2"), "f:1:6: a control character");
  EXPECT_EQ(refusal("a = \"\xff\""), "f:1:6: this is not UTF-8");
}

TEST(Toml, RefusesWordsThatAreNearlyNumbers) {
  for (const std::string_view word : {"01",
                                      "1_",
                                      "_1",
                                      "1__0",
                                      "0x",
                                      "0xg",
                                      "+0x1",
                                      "-+1",
                                      "+-1",
                                      "1.",
                                      ".1",
                                      "1.e1",
                                      "1e",
                                      "00.1",
                                      "9223372036854775808",
                                      "Inf",
                                      "TRUE",
                                      "1979-13-01",
                                      "2001-02-29",
                                      "24:00:00",
                                      "07:32",
                                      "1979-05-27T",
                                      "1979-05-27T07:32:00+25:00",
                                      "1979-5-27",
                                      "0b2",
                                      "0x-1"})
    EXPECT_EQ(refusal("a = " + std::string(word)), "f:1:5: \"" + std::string(word) + "\" is no value");
}

TEST(Toml, IsNotLedIntoTheDepth) {
  EXPECT_EQ(refusal("a = " + std::string(100, '[')), "f:1:69: more than 64 values inside each other");
  std::string key = "a";
  for (int i = 0; i < 100; ++i) key += ".a";
  EXPECT_NE(refusal(key + " = 1").find("more than 64 tables"), std::string::npos);
}

TEST(Toml, KnowsThePlacesOfNamesAndValues) {
  const Value root = parse("a = 1\n[b]\n  \"c\"  =   'x'\n", "f");
  const Member& c = root.find("b")->value.members.front();
  EXPECT_EQ(c.place.line * 100 + c.place.column, 303u);
  EXPECT_EQ(c.value.place.line * 100 + c.value.place.column, 312u);
}

TEST(TomlFromJson, IsTheSameTreeWithPlaces) {
  const Value root = parse_json("{\"a\": [1, -2.5e1, true,\n \"x\\ny\"], \"b\": {\"c\": {}}}", "f");
  EXPECT_EQ(shown(root), "{a=[1,-2.5e1,true,'x\ny'],b={c={}}}");
  const Value& list = root.find("a")->value;
  const auto at = [](Place place) { return place.line * 100 + place.column; };
  EXPECT_EQ(at(root.find("a")->place), 102u);
  EXPECT_EQ(at(list.place), 107u);
  EXPECT_EQ(at(list.items[0].place), 108u);
  EXPECT_EQ(at(list.items[1].place), 111u);
  EXPECT_EQ(at(list.items[2].place), 119u);
  EXPECT_EQ(at(list.items[3].place), 202u);
  EXPECT_EQ(at(root.find("b")->place), 211u);
  EXPECT_EQ(at(root.find("b")->value.members[0].value.place), 222u);
}

TEST(TomlFromJson, SaysWhereItIsWrong) {
  EXPECT_EQ(json_refusal("{\"a\": 1,\n \"a\": 2}"), "f:2:2: \"a\" is there already");
  EXPECT_EQ(json_refusal("{\"a\":\n null}"), "f:2:2: null stands for nothing here");
  EXPECT_EQ(json_refusal("{\"a\": 1"), "f:1:8: expected ',' or '}' after an object member");
}

TEST(TomlWriter, WritesWhatReadsBack) {
  const std::string odd = "a\"b\\c\n\t\x01\x7f\xc3\xa9'";
  const Value root = parse(written_key(odd) + " = " + written_text(odd), "f");
  EXPECT_EQ(root.members.at(0).name, odd);
  EXPECT_EQ(root.members.at(0).value.text, odd);
  EXPECT_EQ(written_key("cap-add"), "cap-add");
}

}  // namespace
}  // namespace caisson::toml
