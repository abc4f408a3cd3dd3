#include "json/tree.hpp"

#include <rapidjson/reader.h>

#include "base/text.hpp"
#include "json/parse_error.hpp"
#include "json/utf8.hpp"

namespace caisson::json {
namespace {

// Passes the parser's events on to the tree, and stops at what RapidJSON itself would accept: deep nesting, strings that are
// not UTF-8 (also from unpaired \u escapes), and NUL, which would silently end the C strings that paths and arguments become.
class Gate {
 public:
  using Ch = char;

  explicit Gate(rapidjson::Document& tree) : tree_(tree) {}

  std::string_view problem() const { return problem_; }

  bool Null() { return tree_.Null(); }
  bool Bool(bool value) { return tree_.Bool(value); }
  bool Int(int value) { return tree_.Int(value); }
  bool Uint(unsigned value) { return tree_.Uint(value); }
  bool Int64(std::int64_t value) { return tree_.Int64(value); }
  bool Uint64(std::uint64_t value) { return tree_.Uint64(value); }
  bool Double(double value) { return tree_.Double(value); }
  bool RawNumber(const char* text, unsigned length, bool copy) { return tree_.RawNumber(text, length, copy); }
  bool String(const char* text, unsigned length, bool copy) {
    return is_text(text, length) && tree_.String(text, length, copy);
  }
  bool Key(const char* text, unsigned length, bool copy) { return is_text(text, length) && tree_.Key(text, length, copy); }
  bool StartObject() { return enter() && tree_.StartObject(); }
  bool EndObject(unsigned count) {
    --depth_;
    return tree_.EndObject(count);
  }
  bool StartArray() { return enter() && tree_.StartArray(); }
  bool EndArray(unsigned count) {
    --depth_;
    return tree_.EndArray(count);
  }

 private:
  bool enter() {
    if (++depth_ <= kMaxDepth) return true;
    problem_ = "more than 64 arrays and objects inside each other";
    static_assert(kMaxDepth == 64);
    return false;
  }
  bool is_text(const char* text, unsigned length) {
    const std::size_t bad = find_not_text({text, length});
    if (bad == std::string_view::npos) return true;
    problem_ = text[bad] == '\0' ? "a NUL character in a string" : "a string that is not UTF-8";
    return false;
  }

  rapidjson::Document& tree_;
  std::size_t depth_ = 0;
  std::string_view problem_;
};

constexpr unsigned kParseFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag;
constexpr std::size_t kParserStackBytes = 4096;

}  // namespace

Tree::Tree(std::string_view text) : document_(nullptr, kParserStackBytes) {
  if (text.size() > kMaxDocumentBytes) {
    throw Error(ErrorKind::Spec,
                text::join("the document has ", text.size(), " bytes, more than the ", kMaxDocumentBytes, " that are read"));
  }
  // The parser takes NUL for the end of the text.
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos) throw error_at(text, zero, "a NUL byte");
  buffer_ = text;
  rapidjson::InsituStringStream stream(buffer_.data());
  rapidjson::Reader reader(nullptr, kParserStackBytes);
  std::string_view problem;
  auto generate = [&](rapidjson::Document& tree) {
    Gate gate(tree);
    const bool good = !reader.Parse<kParseFlags>(stream, gate).IsError();
    problem = gate.problem();
    return good;
  };
  document_.Populate(generate);
  if (!reader.HasParseError()) return;
  // Counted in the caller's text: parsing in place has changed the copy.
  if (!problem.empty()) throw error_at(text, reader.GetErrorOffset(), problem);
  throw syntax_error(text, reader.GetErrorOffset(), reader.GetParseErrorCode());
}

}  // namespace caisson::json
