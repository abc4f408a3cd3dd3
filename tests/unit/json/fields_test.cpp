#include "json/fields.hpp"

#include <gtest/gtest.h>

#include "unit/json/refusal.hpp"

namespace caisson::json {
namespace sample {

enum class Color { Red, Green };
struct Point {
  std::int32_t x = 0;
  std::optional<std::uint16_t> y;
};
struct Limits {
  std::optional<std::int64_t> most;
};
struct Record {
  std::string id;
  bool done = false;
  Color color = Color::Green;
  std::vector<Point> points;
  std::map<std::string, std::string> labels;
  std::optional<std::vector<std::string>> flags;
  Limits limits;
  std::optional<std::int64_t> grouped;
};

template <class Fields, same_struct<Point> P>
void visit_fields(Fields& fields, P& point) {
  fields.required("x", point.x);
  fields.optional("y", point.y);
}
template <class Fields, same_struct<Limits> L>
void visit_fields(Fields& fields, L& limits) {
  fields.optional("most", limits.most);
}
template <class Fields, same_struct<Record> R>
void visit_fields(Fields& fields, R& record) {
  fields.always("id", record.id);
  fields.optional("done", record.done);
  fields.unless("color", record.color, Color::Green);
  fields.optional("points", record.points);
  fields.optional("labels", record.labels);
  fields.optional("flags", record.flags);
  fields.optional("limits", record.limits);
  fields.group("group", record.grouped.has_value(), [&](auto& group) { group.optional("value", record.grouped); });
}

}  // namespace sample

template <>
struct Names<sample::Color> {
  static constexpr std::string_view what = "color";
  static constexpr std::array table{Name<sample::Color>{"red", sample::Color::Red},
                                    Name<sample::Color>{"crimson", sample::Color::Red},
                                    Name<sample::Color>{"green", sample::Color::Green}};
};

namespace {

using sample::Record;
using test::refusal;

std::string again(std::string_view text) { return write_document(read_document<Record>(text), kCompact); }
std::string read_refusal(std::string_view text) {
  return refusal([&] { read_document<Record>(text); });
}

TEST(Fields, RoundTripEveryKind) {
  const std::string full =
      R"({"id":"a","done":true,"color":"red","points":[{"x":-1},{"x":2,"y":3}],"labels":{"k":"v"},"flags":["f"],)"
      R"("limits":{"most":5},"group":{"value":7}})";
  EXPECT_EQ(again(full), full);
}

TEST(Fields, WriteOnlyWhatHoldsSomething) { EXPECT_EQ(again("{}"), R"({"id":""})"); }

TEST(Fields, KeepAnEmptyListApartFromAnAbsentOne) {
  EXPECT_EQ(again(R"({"flags":[]})"), R"({"id":"","flags":[]})");
  EXPECT_EQ(again(R"({"flags":null,"points":null,"labels":null,"limits":null,"group":null,"id":null})"), R"({"id":""})");
}

TEST(Fields, WriteTheFirstNameOfAValue) { EXPECT_EQ(again(R"({"color":"crimson"})"), R"({"id":"","color":"red"})"); }

TEST(Fields, IgnoreUnknownMembers) { EXPECT_EQ(again(R"({"zzz":{"a":[1]},"id":"x"})"), R"({"id":"x"})"); }

TEST(Fields, LetTheLastOfEqualMapKeysWin) {
  EXPECT_EQ(read_document<Record>(R"({"labels":{"a":"1","a":"2"}})").labels.at("a"), "2");
}

TEST(Fields, NameTheMemberThatIsMissing) {
  EXPECT_EQ(read_refusal(R"({"points":[{"x":1},{"y":1}]})"), "points[1].x: missing");
  EXPECT_EQ(read_refusal(R"({"points":[{"x":null}]})"), "points[0].x: missing");
}

TEST(Fields, NameTheKnownWordsOfAVocabulary) {
  EXPECT_EQ(read_refusal(R"({"color":"blue"})"), "color: unknown color \"blue\" | known are red, crimson, green");
}

TEST(Fields, RefuseWrongTypesWithTheirPath) {
  EXPECT_EQ(read_refusal("[]"), "the document: expected an object, found an array");
  EXPECT_EQ(read_refusal(R"({"points":{}})"), "points: expected an array, found an object");
  EXPECT_EQ(read_refusal(R"({"points":[3]})"), "points[0]: expected an object, found a number");
  EXPECT_EQ(read_refusal(R"({"labels":{"a.b":1}})"), "labels[\"a.b\"]: expected a string, found a number");
  EXPECT_EQ(read_refusal(R"({"points":[{"x":1,"y":65536}]})"), "points[0].y: the number is out of range 0..65535");
  EXPECT_EQ(read_refusal(R"({"group":1})"), "group: expected an object, found a number");
}

}  // namespace
}  // namespace caisson::json
