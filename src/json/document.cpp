#include "json/document.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "json/tree.hpp"

namespace caisson::json {
namespace {

// By Kind.
constexpr std::array<std::string_view, 8> kKindNames{"null",     "a boolean", "a number", "a number",
                                                     "a number", "a string",  "an array", "an object"};

bool is_number(const Node* node) {
  return node != nullptr && (node->kind == Kind::Signed || node->kind == Kind::Unsigned || node->kind == Kind::Real);
}

// Beyond every 64-bit integer: such a number is out of range, not badly written.
bool is_huge(const Node& node) { return node.kind == Kind::Real && (node.real >= 0x1p64 || node.real <= -0x1p63); }

// Extends `path` (of `from`) to the path of `wanted`; false when it is not below `from`.
bool find_path(const Node& from, const Node* wanted, std::string& path) {
  if (&from == wanted) return true;
  if (from.kind != Kind::Array && from.kind != Kind::Object) return false;
  for (std::size_t i = 0; i < from.count; ++i) {
    const Node& child = from.children[i];
    std::string longer = from.kind == Kind::Object ? child_path(path, child.key) : child_path(path, i);
    if (find_path(child, wanted, longer)) {
      path = std::move(longer);
      return true;
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

bool Value::present() const noexcept { return node_ != nullptr && node_->kind != Kind::Null; }
bool Value::is_object() const noexcept { return node_ != nullptr && node_->kind == Kind::Object; }
bool Value::is_array() const noexcept { return node_ != nullptr && node_->kind == Kind::Array; }
bool Value::is_string() const noexcept { return node_ != nullptr && node_->kind == Kind::String; }
bool Value::is_integer() const noexcept { return is_number(node_) && node_->kind != Kind::Real; }
bool Value::is_boolean() const noexcept { return node_ != nullptr && node_->kind == Kind::Boolean; }

std::size_t Value::offset(std::string_view text) const {
  if (is_string()) return tree_->offset_of(node_->text) - 1;
  if (is_object() || is_array()) return node_->offset - 1;
  // The parser has counted to the beginning or to the end of a number or word.
  const auto of_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
  };
  std::size_t begin = node_ == nullptr ? 0 : node_->offset;
  while (begin > 0 && of_word(text[begin - 1])) --begin;
  return begin;
}

std::size_t Value::key_offset(std::size_t index) const { return tree_->offset_of(key(index).data()) - 1; }

std::string_view Value::text() const {
  if (!is_string()) refuse_type("a string");
  return node_->string();
}

bool Value::boolean() const {
  if (node_ == nullptr || node_->kind != Kind::Boolean) refuse_type("a boolean");
  return node_->boolean;
}

void Value::require_integer() const {
  if (!is_number(node_)) refuse_type("an integer");
  if (node_->kind == Kind::Real && !is_huge(*node_)) {
    refuse("expected an integer, found a number with a fraction or an exponent");
  }
}

std::int64_t Value::signed_integer(std::int64_t lowest, std::int64_t highest) const {
  require_integer();
  if (node_->kind == Kind::Signed && node_->negative >= lowest) return node_->negative;
  if (node_->kind == Kind::Unsigned && node_->natural <= static_cast<std::uint64_t>(highest)) {
    return static_cast<std::int64_t>(node_->natural);
  }
  refuse(text::join("the number is out of range ", lowest, "..", highest));
}

std::uint64_t Value::unsigned_integer(std::uint64_t highest) const {
  require_integer();
  if (node_->kind == Kind::Unsigned && node_->natural <= highest) return node_->natural;
  refuse(text::join("the number is out of range 0..", highest));
}

void Value::require_object() const {
  if (!is_object()) refuse_type("an object");
}

std::size_t Value::array_size() const {
  if (!is_array()) refuse_type("an array");
  return node_->count;
}

std::size_t Value::object_size() const {
  require_object();
  return node_->count;
}

Value Value::element(std::size_t index) const {
  if (index >= array_size()) refuse(text::join("has no element ", index));
  return {tree_, &node_->children[index]};
}

std::string_view Value::key(std::size_t index) const {
  if (index >= object_size()) refuse(text::join("has no member ", index));
  return node_->children[index].key;
}

Value Value::member(std::size_t index) const {
  if (index >= object_size()) refuse(text::join("has no member ", index));
  return {tree_, &node_->children[index]};
}

Value Value::operator[](std::string_view name) const {
  for (std::size_t i = object_size(); i > 0; --i) {  // backwards: of equal names the last one wins
    if (node_->children[i - 1].key == name) return {tree_, &node_->children[i - 1]};
  }
  return {tree_, nullptr};
}

std::string Value::path() const {
  std::string path;
  if (node_ != nullptr) find_path(tree_->root(), node_, path);
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
  refuse(text::join("expected ", expected, ", found ",
                    node_ == nullptr ? "nothing" : kKindNames[static_cast<std::size_t>(node_->kind)]));
}

Document::Document(std::string_view text) : tree_(std::make_unique<Tree>(text)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Value Document::root() const noexcept { return {tree_.get(), &tree_->root()}; }

}  // namespace caisson::json
