#include "json/document.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/tree.hpp"

namespace caisson::json {
namespace {

std::string_view kind_of(const ParserNode& node) {
  switch (node.GetType()) {
    case rapidjson::kNullType:
      return "null";
    case rapidjson::kFalseType:
      return "a boolean";
    case rapidjson::kTrueType:
      return "a boolean";
    case rapidjson::kObjectType:
      return "an object";
    case rapidjson::kArrayType:
      return "an array";
    case rapidjson::kStringType:
      return "a string";
    case rapidjson::kNumberType:
      return "a number";
  }
  return "something else";
}

// Beyond every 64-bit integer: such a number is out of range, not badly written.
bool is_huge(const ParserNode& node) { return node.IsDouble() && (node.GetDouble() >= 0x1p64 || node.GetDouble() <= -0x1p63); }

// Extends `path` (of `from`) to the path of `wanted`; false when it is not below `from`.
bool find_path(const ParserNode& from, const ParserNode* wanted, std::string& path) {
  if (&from == wanted) return true;
  if (from.IsObject()) {
    for (const auto& member : from.GetObject()) {
      std::string longer = child_path(path, text_of(member.name));
      if (find_path(member.value, wanted, longer)) return path = std::move(longer), true;
    }
  } else if (from.IsArray()) {
    for (rapidjson::SizeType i = 0; i < from.Size(); ++i) {
      std::string longer = child_path(path, i);
      if (find_path(from[i], wanted, longer)) return path = std::move(longer), true;
    }
  }
  return false;
}

}  // namespace

std::string child_path(std::string_view path, std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!plain) return text::join(path, '[', text::quoted(name), ']');
  return path.empty() ? std::string(name) : text::join(path, '.', name);
}

std::string child_path(std::string_view path, std::size_t index) { return text::join(path, '[', index, ']'); }

bool Value::present() const noexcept { return node_ != nullptr && !parser_node(node_).IsNull(); }
bool Value::is_object() const noexcept { return node_ != nullptr && parser_node(node_).IsObject(); }
bool Value::is_array() const noexcept { return node_ != nullptr && parser_node(node_).IsArray(); }
bool Value::is_string() const noexcept { return node_ != nullptr && parser_node(node_).IsString(); }
bool Value::is_integer() const noexcept {
  return node_ != nullptr && (parser_node(node_).IsInt64() || parser_node(node_).IsUint64());
}

std::string_view Value::text() const {
  if (!is_string()) refuse_type("a string");
  return text_of(parser_node(node_));
}

bool Value::boolean() const {
  if (node_ == nullptr || !parser_node(node_).IsBool()) refuse_type("a boolean");
  return parser_node(node_).GetBool();
}

std::int64_t Value::signed_integer(std::int64_t lowest, std::int64_t highest) const {
  if (node_ == nullptr || !parser_node(node_).IsNumber()) refuse_type("an integer");
  const ParserNode& node = parser_node(node_);
  if (node.IsInt64() && node.GetInt64() >= lowest && node.GetInt64() <= highest) return node.GetInt64();
  if (node.IsDouble() && !is_huge(node)) refuse("expected an integer, found a number with a fraction or an exponent");
  refuse(text::join("the number is out of range ", lowest, "..", highest));
}

std::uint64_t Value::unsigned_integer(std::uint64_t highest) const {
  if (node_ == nullptr || !parser_node(node_).IsNumber()) refuse_type("an integer");
  const ParserNode& node = parser_node(node_);
  if (node.IsUint64() && node.GetUint64() <= highest) return node.GetUint64();
  if (node.IsDouble() && !is_huge(node)) refuse("expected an integer, found a number with a fraction or an exponent");
  refuse(text::join("the number is out of range 0..", highest));
}

void Value::require_object() const {
  if (!is_object()) refuse_type("an object");
}

std::size_t Value::array_size() const {
  if (!is_array()) refuse_type("an array");
  return parser_node(node_).Size();
}

std::size_t Value::object_size() const {
  require_object();
  return parser_node(node_).MemberCount();
}

Value Value::element(std::size_t index) const {
  if (index >= array_size()) refuse(text::join("has no element ", index));
  return {tree_, opaque(parser_node(node_)[static_cast<rapidjson::SizeType>(index)])};
}

std::string_view Value::key(std::size_t index) const {
  if (index >= object_size()) refuse(text::join("has no member ", index));
  return text_of((parser_node(node_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->name);
}

Value Value::member(std::size_t index) const {
  if (index >= object_size()) refuse(text::join("has no member ", index));
  return {tree_, opaque((parser_node(node_).MemberBegin() + static_cast<std::ptrdiff_t>(index))->value)};
}

Value Value::operator[](std::string_view name) const {
  require_object();
  const auto begin = parser_node(node_).MemberBegin();
  for (auto member = parser_node(node_).MemberEnd(); member != begin;) {  // backwards: of equal names the last one wins
    --member;
    if (text_of(member->name) == name) return {tree_, opaque(member->value)};
  }
  return {tree_, nullptr};
}

std::string Value::path() const {
  std::string path;
  if (node_ != nullptr) find_path(tree_->root(), &parser_node(node_), path);
  return path;
}

void Value::refuse(std::string_view problem, std::string_view hint) const {
  const std::string where = path();
  throw Error(ErrorKind::Spec, text::join(where.empty() ? "the document" : where, ": ", problem)).with_hint(std::string(hint));
}

void Value::refuse_missing(std::string_view name) const {
  throw Error(ErrorKind::Spec, child_path(path(), name) + ": missing");
}

void Value::refuse_type(std::string_view expected) const {
  refuse(text::join("expected ", expected, ", found ", node_ == nullptr ? "nothing" : kind_of(parser_node(node_))));
}

Document::Document(std::string_view text) : tree_(std::make_unique<Tree>(text)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Value Document::root() const noexcept { return {tree_.get(), opaque(tree_->root())}; }

}  // namespace caisson::json
