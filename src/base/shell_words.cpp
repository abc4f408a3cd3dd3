#include "base/shell_words.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::text {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  std::vector<std::string> split() {
    std::vector<std::string> words;
    for (;;) {
      while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
      if (at_ == line_.size()) return words;
      words.push_back(take_word());
    }
  }

 private:
  [[noreturn]] void refuse(std::string_view problem) const {
    throw Error(ErrorKind::Usage, join(quoted(line_), ": ", problem))
        .with_hint("words are split as a shell does it: quotes come in pairs, and \\ goes before the character that it keeps");
  }

  std::string take_word() {
    std::string word;
    for (; at_ < line_.size() && !is_blank(line_[at_]); ++at_) {
      if (line_[at_] == '\'')
        take_single(word);
      else if (line_[at_] == '"')
        take_double(word);
      else
        word += take_plain();
    }
    return word;
  }
  char take_plain() {
    if (line_[at_] == '\\' && ++at_ == line_.size()) refuse("a backslash at the end");
    return line_[at_];
  }
  void take_single(std::string& word) {
    const std::size_t end = line_.find('\'', at_ + 1);
    if (end == std::string_view::npos) refuse("a quote without its end");
    word += line_.substr(at_ + 1, end - at_ - 1);
    at_ = end;
  }
  // Inside them a backslash keeps only what would have a meaning for a shell.
  void take_double(std::string& word) {
    for (++at_; at_ < line_.size() && line_[at_] != '"'; ++at_) {
      const bool keeps = line_[at_] == '\\' && at_ + 1 < line_.size() &&
                         std::string_view("\"\\$`").find(line_[at_ + 1]) != std::string_view::npos;
      if (keeps) ++at_;
      word += line_[at_];
    }
    if (at_ == line_.size()) refuse("a quote without its end");
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> shell_words(std::string_view line) { return Splitter(line).split(); }

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out += '\'';
}

}  // namespace caisson::text
