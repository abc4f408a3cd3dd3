// The tree of a parsed document: nodes in an arena, texts in a private copy of the document that is parsed in place.
// Children of an array or object lie side by side. Included by this folder's sources only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::json {

enum class Kind : std::uint8_t { Null, Boolean, Signed, Unsigned, Real, String, Array, Object };

struct Node {
  std::string_view key;  // of an object's member
  Kind kind = Kind::Null;
  std::uint32_t count = 0;  // children
  union {
    bool boolean;
    std::int64_t negative;  // Signed: below zero
    std::uint64_t natural;  // Unsigned
    double real;
    const char* text;      // String: `length` bytes
    const Node* children;  // Array, Object
  };
  std::uint32_t length = 0;
  std::uint32_t offset = 0;  // in the text; of a container right behind its bracket, of a number, word or string anywhere in it

  Node() : natural(0) {}
  std::span<const Node> all() const { return {children, count}; }
  std::string_view string() const { return {text, length}; }
};

// Nodes that stay where they are until the end.
class NodeArena {
 public:
  // A copy of the nodes, side by side.
  const Node* keep(std::span<const Node> nodes);

 private:
  std::vector<std::unique_ptr<Node[]>> chunks_;
  std::size_t used_ = 0, size_ = 0;  // of the last chunk
};

class Tree {
 public:
  // Throws Error(Spec, "line 3, column 7: ...").
  explicit Tree(std::string_view text);
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  const Node& root() const { return *root_; }
  // In the text that was read, of a text of a node or key.
  std::size_t offset_of(const char* text) const { return static_cast<std::size_t>(text - buffer_.data()); }

 private:
  std::string buffer_;  // texts of the nodes point into it
  NodeArena arena_;
  const Node* root_ = nullptr;
};

}  // namespace caisson::json
