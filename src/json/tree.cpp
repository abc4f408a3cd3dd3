#include "json/tree.hpp"

#include <rapidjson/reader.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "json/document.hpp"
#include "json/parse_error.hpp"

namespace caisson::json {
namespace {

constexpr std::size_t kChunkNodes = 128;  // a configuration of the default size has about 100
constexpr std::size_t kMostPending = 64;  // of them at a time

// Builds the tree from the parser's events, and stops at what RapidJSON itself would accept: deep nesting, which also bounds
// its recursion, strings that are not UTF-8 (also from unpaired \u escapes), and NUL, which would silently end the C strings
// that paths and arguments become.
class Builder {
 public:
  using Ch = char;

  // `plain`: no string of the document can be anything but text.
  Builder(NodeArena& arena, rapidjson::InsituStringStream& in, bool plain) : arena_(arena), in_(in), plain_(plain) {
    pending_.reserve(kMostPending);
  }

  std::string_view problem() const { return problem_; }
  // The root, after an event of the document's end.
  std::span<const Node> result() const { return pending_; }

  bool Null() {
    add(Kind::Null);
    return true;
  }
  bool Bool(bool value) {
    add(Kind::Boolean).boolean = value;
    return true;
  }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Uint64(value); }
  bool Int64(std::int64_t value) {
    if (value >= 0) return Uint64(static_cast<std::uint64_t>(value));
    add(Kind::Signed).negative = value;
    return true;
  }
  bool Uint64(std::uint64_t value) {
    add(Kind::Unsigned).natural = value;
    return true;
  }
  bool Double(double value) {
    add(Kind::Real).real = value;
    return true;
  }
  bool RawNumber(const char*, unsigned, bool) { return false; }  // never sent: numbers are not asked for as text
  bool String(const char* text, unsigned length, bool) {
    if (!is_text({text, length})) return false;
    Node& node = add(Kind::String);
    node.text = text;
    node.length = length;
    return true;
  }
  bool Key(const char* text, unsigned length, bool) {
    key_ = {text, length};
    return is_text(key_);
  }
  bool StartObject() { return enter(Kind::Object); }
  bool EndObject(unsigned count) { return leave(count); }
  bool StartArray() { return enter(Kind::Array); }
  bool EndArray(unsigned count) { return leave(count); }

 private:
  Node& add(Kind kind) {
    Node& node = pending_.emplace_back();
    node.kind = kind;
    node.key = key_;
    node.offset = static_cast<std::uint32_t>(in_.Tell());
    key_ = {};
    return node;
  }
  bool enter(Kind kind) {
    static_assert(kMaxDepth == 64);
    if (++depth_ > kMaxDepth) {
      problem_ = "more than 64 arrays and objects inside each other";
      return false;
    }
    add(kind);
    return true;
  }
  // The container's node is pending right before its children.
  bool leave(unsigned count) {
    --depth_;
    const std::size_t first = pending_.size() - count;
    Node& container = pending_[first - 1];
    container.children = arena_.keep(std::span(pending_).subspan(first));
    container.count = count;
    pending_.resize(first);
    return true;
  }
  bool is_text(std::string_view text) {
    if (plain_) return true;
    const std::size_t bad = text::find_not_text(text);
    if (bad == std::string_view::npos) return true;
    problem_ = text[bad] == '\0' ? "a NUL character in a string" : "a string that is not UTF-8";
    return false;
  }

  NodeArena& arena_;
  rapidjson::InsituStringStream& in_;
  bool plain_;
  std::vector<Node> pending_;  // nodes whose container is still open
  std::string_view key_;       // of the next node
  std::size_t depth_ = 0;
  std::string_view problem_;
};

}  // namespace

const Node* NodeArena::keep(std::span<const Node> nodes) {
  if (nodes.size() > size_ - used_) {
    size_ = std::max(kChunkNodes, nodes.size());
    used_ = 0;
    chunks_.push_back(std::make_unique<Node[]>(size_));
  }
  if (chunks_.empty()) return nullptr;  // no nodes to keep
  Node* const place = chunks_.back().get() + used_;
  std::ranges::copy(nodes, place);
  used_ += nodes.size();
  return place;
}

Tree::Tree(std::string_view text) {
  if (text.size() > kMaxDocumentBytes) {
    throw Error(ErrorKind::Spec,
                text::join("the document has ", text.size(), " bytes, more than the ", kMaxDocumentBytes, " that are read"));
  }
  // The parser takes NUL for the end of the text.
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos) throw error_at(text, zero, "a NUL byte");
  buffer_ = text;
  rapidjson::InsituStringStream stream(buffer_.data());
  rapidjson::Reader reader;
  // Without a byte of more than ASCII and without an escape no string needs to be looked at.
  const bool plain = text::is_ascii(text) && text.find('\\') == std::string_view::npos;
  Builder builder(arena_, stream, plain);
  if (!reader.Parse<rapidjson::kParseInsituFlag>(stream, builder).IsError()) {
    root_ = arena_.keep(builder.result());
    return;
  }
  // Counted in the caller's text: parsing in place has changed the copy.
  if (!builder.problem().empty()) throw error_at(text, reader.GetErrorOffset(), builder.problem());
  throw syntax_error(text, reader.GetErrorOffset(), reader.GetParseErrorCode());
}

}  // namespace caisson::json
