#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/filter_tree.hpp"

namespace caisson::inspect {
namespace {

bool is_comparison(FilterWord word) { return word >= FilterWord::Equal && word <= FilterWord::MatchesNot; }
bool is_operand(FilterWord word) { return word <= FilterWord::Boolean; }

constexpr unsigned kDeepest = 200;  // of parentheses and negations: the stack is not the user's

class Parser {
 public:
  Parser(std::string_view expression, std::vector<FilterNode>& nodes, std::vector<std::string>& names)
      : tokens_(filter_tokens(expression)), nodes_(nodes), names_(names) {}

  void parse() {
    condition();  // its node is the last one
    if (token().word != FilterWord::End) filter_error(token().at, "an operator is expected here");
  }

 private:
  const FilterToken& token() const { return tokens_[next_]; }

  std::size_t add(FilterNode node) {
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }

  // "and" and "or" bind alike, from left to right, as in libsmartcols.
  std::size_t condition() {
    std::size_t left = comparison();
    while (token().word == FilterWord::And || token().word == FilterWord::Or) {
      const FilterWord word = tokens_[next_++].word;
      const std::size_t right = comparison();
      left = add({.word = word, .left = left, .right = right});
    }
    return left;
  }

  std::size_t comparison() {
    std::size_t left = unary();
    while (is_comparison(token().word)) {
      const FilterWord word = tokens_[next_++].word;
      const FilterToken& other = token();
      const bool regex = word == FilterWord::Matches || word == FilterWord::MatchesNot;
      if (regex && other.word != FilterWord::Text) filter_error(other.at, "a regular expression in quotes is expected here");
      FilterNode node{.word = word, .left = left};
      if (regex) node.regex = compiled(other);
      node.right = unary();
      left = add(std::move(node));
    }
    return left;
  }

  std::size_t unary() {
    if (++depth_ > kDeepest) filter_error(token().at, "too deeply nested");
    std::size_t node = 0;
    if (token().word == FilterWord::Not) {
      ++next_;
      const std::size_t negated = unary();
      node = add({.word = FilterWord::Not, .left = negated});
    } else {
      node = primary();
    }
    --depth_;
    return node;
  }

  std::size_t primary() {
    const FilterToken found = token();
    if (found.word == FilterWord::Open) {
      ++next_;
      const std::size_t inner = condition();
      if (token().word != FilterWord::Close) filter_error(token().at, "\")\" is expected here");
      ++next_;
      return inner;
    }
    if (!is_operand(found.word)) filter_error(found.at, "a column or a value is expected here");
    ++next_;
    if (found.word == FilterWord::Name) return add({.word = FilterWord::Name, .name = name_index(found.text)});
    return add({.word = found.word, .text = std::string(found.text)});
  }

  std::size_t name_index(std::string_view name) {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return i;
    names_.emplace_back(name);
    return names_.size() - 1;
  }

  static std::unique_ptr<regex_t, RegexEnd> compiled(const FilterToken& pattern) {
    auto regex = std::make_unique<regex_t>();
    const int error = ::regcomp(regex.get(), std::string(pattern.text).c_str(), REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
      char words[128] = {};
      ::regerror(error, regex.get(), words, sizeof words);
      filter_error(pattern.at, text::join("bad regular expression: ", std::string_view(words)));
    }
    return std::unique_ptr<regex_t, RegexEnd>(regex.release());
  }

  std::vector<FilterToken> tokens_;
  std::size_t next_ = 0;
  unsigned depth_ = 0;
  std::vector<FilterNode>& nodes_;
  std::vector<std::string>& names_;
};

}  // namespace

Filter::Filter(std::unique_ptr<Tree> tree) noexcept : tree_(std::move(tree)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;
const std::vector<std::string>& Filter::names() const noexcept { return tree_->names; }

Filter Filter::parse(std::string_view expression) {
  auto tree = std::make_unique<Tree>();
  Parser(expression, tree->nodes, tree->names).parse();
  return Filter(std::move(tree));
}

}  // namespace caisson::inspect
