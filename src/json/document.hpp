// A JSON document (RFC 8259) read once, and values that know where they stand in it. Every mismatch throws
// Error(ErrorKind::Spec, "process.args[0]: expected a string, found a number"); syntax errors say line and column.
// Strict: integers must be written as integers and fit the target type, text must be UTF-8 without NUL bytes, nesting and size
// are capped. Lenient as engines need it: unknown members are ignored, null equals absent, of equal keys the last one wins.
// A Value is a borrowed view: it must not outlive its Document. Parsing is done by RapidJSON, known to this folder only.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace caisson::json {

inline constexpr std::size_t kMaxDocumentBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxDepth = 64;  // of arrays and objects inside each other

struct Node;  // one value of the parser's tree
class Tree;   // the parser's tree with its text

class Value {
 public:
  Value(const Tree* tree, const Node* node) noexcept : tree_(tree), node_(node) {}

  bool present() const noexcept;  // neither missing nor null
  bool is_object() const noexcept;
  bool is_array() const noexcept;
  bool is_string() const noexcept;
  bool is_integer() const noexcept;
  bool is_boolean() const noexcept;

  // The following refuse a value of another type (and a missing one). A view of text lives as long as the Document.
  std::string_view text() const;
  std::string string() const { return std::string(text()); }
  bool boolean() const;
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Number integer()
  const {
    using Limits = std::numeric_limits<Number>;
    if constexpr (std::signed_integral<Number>)
      return static_cast<Number>(signed_integer(Limits::min(), Limits::max()));
    else
      return static_cast<Number>(unsigned_integer(Limits::max()));
  }

  void require_object() const;
  // Array elements and object members, in the order of the text.
  std::size_t array_size() const;
  std::size_t object_size() const;
  Value element(std::size_t index) const;
  std::string_view key(std::size_t index) const;
  Value member(std::size_t index) const;
  // The member of that name; a Value that is not present() when the object has none.
  Value operator[](std::string_view name) const;

  // Where it begins in `text`, which the Document was made of.
  std::size_t offset(std::string_view text) const;
  std::size_t key_offset(std::size_t index) const;

  // "linux.mounts[2].options": found by looking for this value in the tree, so that it costs nothing until an error.
  std::string path() const;
  // Throws Error(Spec, "<path>: <problem>").
  [[noreturn]] void refuse(std::string_view problem, std::string_view hint = {}) const;
  // As refuse, for a member that this object should have.
  [[noreturn]] void refuse_missing(std::string_view name) const;

 private:
  void require_integer() const;
  std::int64_t signed_integer(std::int64_t lowest, std::int64_t highest) const;
  std::uint64_t unsigned_integer(std::uint64_t highest) const;
  [[noreturn]] void refuse_type(std::string_view expected) const;

  const Tree* tree_;
  const Node* node_;
};

class Document {
 public:
  // Throws Error(Spec, "line 3, column 7: ..."). The text may be discarded afterwards.
  explicit Document(std::string_view text);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  Value root() const noexcept;

 private:
  std::unique_ptr<Tree> tree_;
};

// "a" + "b" -> "a.b"; names that are no plain words are quoted: `linux.sysctl["net.ipv4.ip_forward"]`.
std::string child_path(std::string_view path, std::string_view name);
// "mounts" + 3 -> "mounts[3]".
std::string child_path(std::string_view path, std::size_t index);

}  // namespace caisson::json
