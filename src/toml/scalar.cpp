#include "toml/scalar.hpp"

#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace caisson::toml {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Each underscore stands between two digits.
std::optional<std::string> without_underscores(std::string_view word, bool (*digit)(char)) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '_') {
      out += word[i];
      continue;
    }
    if (i == 0 || i + 1 == word.size() || !digit(word[i - 1]) || !digit(word[i + 1])) return std::nullopt;
  }
  return out;
}

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

int base_of(std::string_view word) {
  if (word.starts_with("0x")) return 16;
  if (word.starts_with("0o")) return 8;
  return word.starts_with("0b") ? 2 : 10;
}

bool leads_with_zero(std::string_view digits) { return digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]); }

std::optional<std::string> integer_text(std::string_view word) {
  const int base = base_of(word);
  if (base != 10) {
    const auto digits = without_underscores(word.substr(2), is_hex_digit);
    if (!digits || digits->starts_with('-')) return std::nullopt;
    const auto number = text::parse_number<std::int64_t>(*digits, base);
    return number ? std::optional(text::join(*number)) : std::nullopt;
  }
  auto digits = without_underscores(word, is_digit);
  if (!digits) return std::nullopt;
  if (digits->starts_with('+')) {
    digits->erase(0, 1);
    if (digits->starts_with('-')) return std::nullopt;
  }
  const std::string_view bare = std::string_view(*digits).substr(digits->starts_with('-') ? 1 : 0);
  if (leads_with_zero(bare)) return std::nullopt;
  const auto number = text::parse_number<std::int64_t>(*digits);
  return number ? std::optional(text::join(*number)) : std::nullopt;
}

std::size_t digits_at(std::string_view text, std::size_t from) {
  std::size_t count = 0;
  while (from + count < text.size() && is_digit(text[from + count])) ++count;
  return count;
}

bool is_real(std::string_view word) {
  if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
  if (word == "inf" || word == "nan") return true;
  const std::size_t whole = digits_at(word, 0);
  if (whole == 0 || leads_with_zero(word)) return false;
  word.remove_prefix(whole);
  if (word.empty()) return false;
  if (word.front() == '.') {
    const std::size_t fraction = digits_at(word, 1);
    if (fraction == 0) return false;
    word.remove_prefix(1 + fraction);
  }
  if (word.empty()) return true;
  if (word.front() != 'e' && word.front() != 'E') return false;
  word.remove_prefix(1);
  if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
  return !word.empty() && digits_at(word, 0) == word.size();
}

// "dd:dd" against digits; every other character stands for itself.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == 'd' ? !is_digit(text[i]) : form[i] != text[i]) return false;
  return true;
}

int two(std::string_view text, std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; }

bool is_hour_and_minute(std::string_view text) { return two(text, 0) <= 23 && two(text, 3) <= 59; }

// Returns what is left behind it; nothing when it is no time.
std::optional<std::string_view> behind_time(std::string_view text) {
  if (!has_form(text, "dd:dd:dd") || !is_hour_and_minute(text) || two(text, 6) > 60) return std::nullopt;
  text.remove_prefix(8);
  if (!text.starts_with('.')) return text;
  const std::size_t fraction = digits_at(text, 1);
  if (fraction == 0) return std::nullopt;
  return text.substr(1 + fraction);
}

bool is_offset(std::string_view text) {
  if (text == "Z" || text == "z") return true;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return false;
  return has_form(text.substr(1), "dd:dd") && is_hour_and_minute(text.substr(1));
}

bool is_moment(std::string_view word) {
  if (const auto rest = behind_time(word)) return rest->empty();
  if (!is_date(word.substr(0, 10))) return false;
  if (word.size() == 10) return true;
  if (word[10] != 'T' && word[10] != 't' && word[10] != ' ') return false;
  const auto rest = behind_time(word.substr(11));
  return rest && (rest->empty() || is_offset(*rest));
}

}  // namespace

bool is_date(std::string_view word) {
  if (word.size() != 10 || !has_form(word, "dddd-dd-dd")) return false;
  const int year = two(word, 0) * 100 + two(word, 2), month = two(word, 5), day = two(word, 8);
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int days = month == 2 ? (leap ? 29 : 28) : (month == 4 || month == 6 || month == 9 || month == 11) ? 30 : 31;
  return day <= days;
}

std::optional<Value> read_scalar(std::string_view word) {
  if (word == "true" || word == "false") return Value{.kind = Kind::Boolean, .truth = word == "true"};
  if (auto number = integer_text(word)) return Value{.kind = Kind::Integer, .text = *std::move(number)};
  if (is_moment(word)) return Value{.kind = Kind::Moment, .text = std::string(word)};
  auto real = without_underscores(word, is_digit);
  if (real && is_real(*real)) return Value{.kind = Kind::Real, .text = *std::move(real)};
  return std::nullopt;
}

}  // namespace caisson::toml
