#include <cmath>
#include <compare>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "inspect/filter_tree.hpp"

namespace caisson::inspect {
namespace {

// A literal of the expression says how both sides are to be read; columns among themselves do by what they hold.
enum class ReadAs : std::uint8_t { Nothing, Text, Number, Real };

struct Operand {
  std::string text;
  ReadAs as = ReadAs::Text;
  bool literal = false;
};

std::optional<std::int64_t> whole_number(std::string_view text) {
  constexpr std::string_view kPowers = "KMGTPEZY";
  if (text.ends_with("iB")) text.remove_suffix(2);
  const std::size_t power = text.empty() ? std::string_view::npos : kPowers.find(text.back());
  if (power != std::string_view::npos) text.remove_suffix(1);
  const auto number = text::parse_number<std::int64_t>(text);
  if (!number || power == std::string_view::npos) return number;
  std::int64_t out = *number;
  for (std::size_t i = 0; i <= power; ++i)
    if (__builtin_mul_overflow(out, std::int64_t{1024}, &out)) return std::nullopt;
  return out;
}

std::optional<double> real_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return text.empty() || *end != '\0' ? std::nullopt : std::optional(value);
}

ReadAs type_of_both(const Operand& a, const Operand& b) {
  if (a.literal != b.literal) return a.literal ? a.as : b.as;
  if (a.as == ReadAs::Text || b.as == ReadAs::Text) return ReadAs::Text;
  return a.as == ReadAs::Real || b.as == ReadAs::Real ? ReadAs::Real : ReadAs::Number;
}

template <class Value>
std::partial_ordering order(const std::optional<Value>& a, const std::optional<Value>& b) {
  return a && b ? std::partial_ordering(*a <=> *b) : std::partial_ordering::unordered;
}

// Unordered: one of them is no value of the type that they are compared as.
std::partial_ordering compare(const Operand& a, const Operand& b) {
  switch (type_of_both(a, b)) {
    case ReadAs::Number:
      return order(whole_number(a.text), whole_number(b.text));
    case ReadAs::Real:
      return order(real_number(a.text), real_number(b.text));
    case ReadAs::Text:
    case ReadAs::Nothing:
      break;
  }
  return a.text <=> b.text;
}

bool holds(FilterWord word, std::partial_ordering order) {
  if (word == FilterWord::Equal) return order == 0;
  if (word == FilterWord::NotEqual) return order != 0;
  if (word == FilterWord::Less) return order < 0;
  if (word == FilterWord::LessOrEqual) return order <= 0;
  if (word == FilterWord::Greater) return order > 0;
  return order >= 0;
}

class Matcher {
 public:
  Matcher(const std::vector<FilterNode>& nodes, const std::function<ColumnValue(std::size_t)>& value_of)
      : nodes_(nodes), value_of_(value_of) {}

  bool truth(std::size_t at) const {
    const FilterNode& node = nodes_[at];
    if (node.word == FilterWord::And) return truth(node.left) && truth(node.right);
    if (node.word == FilterWord::Or) return truth(node.left) || truth(node.right);
    if (node.word == FilterWord::Not) return !truth(node.left);
    if (node.regex != nullptr) {
      const bool found = ::regexec(node.regex.get(), operand(node.left).text.c_str(), 0, nullptr, 0) == 0;
      return found == (node.word == FilterWord::Matches);
    }
    if (node.word >= FilterWord::Equal) return holds(node.word, compare(operand(node.left), operand(node.right)));
    return truth_of_operand(node);
  }

 private:
  bool truth_of_operand(const FilterNode& node) const {
    if (node.word == FilterWord::Name) return !value_of_(node.name).text.empty();
    if (node.word == FilterWord::Boolean) return node.text == "true" || node.text == "TRUE";
    if (node.word == FilterWord::Number) return whole_number(node.text) != std::int64_t{0};
    if (node.word == FilterWord::Real) return real_number(node.text) != 0.0;
    return !node.text.empty();
  }

  Operand operand(std::size_t at) const {
    const FilterNode& node = nodes_[at];
    if (node.word == FilterWord::Name) {
      ColumnValue value = value_of_(node.name);
      return {std::move(value.text), value.is_number ? ReadAs::Number : ReadAs::Text, false};
    }
    if (node.word == FilterWord::Number) return {node.text, ReadAs::Number, true};
    if (node.word == FilterWord::Real) return {node.text, ReadAs::Real, true};
    if (node.word == FilterWord::Text) return {node.text, ReadAs::Text, true};
    // A condition in the place of a value counts as 1 or 0, as does a truth value.
    return {truth(at) ? "1" : "0", ReadAs::Number, true};
  }

  const std::vector<FilterNode>& nodes_;
  const std::function<ColumnValue(std::size_t)>& value_of_;
};

}  // namespace

bool Filter::matches(const std::function<ColumnValue(std::size_t)>& value_of) const {
  return Matcher(tree_->nodes, value_of).truth(tree_->nodes.size() - 1);
}

}  // namespace caisson::inspect
