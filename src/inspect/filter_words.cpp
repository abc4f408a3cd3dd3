#include "inspect/filter_words.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

struct Sign {
  std::string_view written;
  FilterWord word;
};
// Longer ones first.
constexpr std::array kSigns{
    Sign{"==", FilterWord::Equal},       Sign{"!=", FilterWord::NotEqual},
    Sign{"<=", FilterWord::LessOrEqual}, Sign{">=", FilterWord::GreaterOrEqual},
    Sign{"=~", FilterWord::Matches},     Sign{"!~", FilterWord::MatchesNot},
    Sign{"&&", FilterWord::And},         Sign{"||", FilterWord::Or},
    Sign{"<", FilterWord::Less},         Sign{">", FilterWord::Greater},
    Sign{"!", FilterWord::Not},          Sign{"(", FilterWord::Open},
    Sign{")", FilterWord::Close},
};
// In lower or in upper case.
constexpr std::array kWords{
    Sign{"eq", FilterWord::Equal},       Sign{"ne", FilterWord::NotEqual},   Sign{"lt", FilterWord::Less},
    Sign{"le", FilterWord::LessOrEqual}, Sign{"gt", FilterWord::Greater},    Sign{"ge", FilterWord::GreaterOrEqual},
    Sign{"and", FilterWord::And},        Sign{"or", FilterWord::Or},         Sign{"not", FilterWord::Not},
    Sign{"true", FilterWord::Boolean},   Sign{"false", FilterWord::Boolean},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool goes_on_name(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("_.%:/-").find(c) != std::string_view::npos;
}

class Cutter {
 public:
  explicit Cutter(std::string_view expression) : whole_(expression) {}

  FilterToken next() {
    while (at_ < whole_.size() && (whole_[at_] == ' ' || whole_[at_] == '\t' || whole_[at_] == '\n')) ++at_;
    if (at_ == whole_.size()) return {FilterWord::End, {}, at_};
    const char first = whole_[at_];
    if (first == '"' || first == '\'') return quoted(first);
    if (is_digit(first)) return number();
    if (is_letter(first)) return name();
    return sign();
  }

 private:
  FilterToken take(FilterWord word, std::size_t length) {
    const FilterToken token{word, whole_.substr(at_, length), at_};
    at_ += length;
    return token;
  }

  FilterToken quoted(char quote) {
    const std::size_t end = whole_.find(quote, at_ + 1);
    if (end == std::string_view::npos) filter_error(at_, "this quote is not closed");
    const FilterToken token{FilterWord::Text, whole_.substr(at_ + 1, end - at_ - 1), at_};
    at_ = end + 1;
    return token;
  }

  FilterToken number() {
    std::size_t length = 0;
    const auto digits = [&] {
      while (at_ + length < whole_.size() && is_digit(whole_[at_ + length])) ++length;
    };
    digits();
    FilterWord word = FilterWord::Number;
    if (at_ + length + 1 < whole_.size() && whole_[at_ + length] == '.' && is_digit(whole_[at_ + length + 1])) {
      word = FilterWord::Real;
      ++length;
      digits();
    } else {
      const std::string_view rest = whole_.substr(at_ + length);
      if (!rest.empty() && std::string_view("KMGTPEZY").find(rest.front()) != std::string_view::npos)
        length += rest.substr(1).starts_with("iB") ? 3 : 1;
    }
    if (at_ + length < whole_.size() && goes_on_name(whole_[at_ + length])) filter_error(at_, "this is no number");
    return take(word, length);
  }

  FilterToken name() {
    std::size_t length = 1;
    while (at_ + length < whole_.size() && goes_on_name(whole_[at_ + length])) ++length;
    const std::string_view written = whole_.substr(at_, length);
    for (const Sign& sign : kWords)
      if (sign.written == written || text::upper_case(sign.written) == written) return take(sign.word, length);
    return take(FilterWord::Name, length);
  }

  FilterToken sign() {
    for (const Sign& one : kSigns)
      if (whole_.substr(at_).starts_with(one.written)) return take(one.word, one.written.size());
    filter_error(at_, text::join("unexpected ", text::quoted(whole_.substr(at_, 1))));
  }

  std::string_view whole_;
  std::size_t at_ = 0;
};

}  // namespace

void filter_error(std::size_t at, std::string_view what) {
  throw Error(ErrorKind::Usage, text::join("at character ", at + 1, ": ", what));
}

std::vector<FilterToken> filter_tokens(std::string_view expression) {
  std::vector<FilterToken> tokens;
  Cutter cutter(expression);
  do tokens.push_back(cutter.next());
  while (tokens.back().word != FilterWord::End);
  return tokens;
}

}  // namespace caisson::inspect
