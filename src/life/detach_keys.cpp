#include "life/detach_keys.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::life {
namespace {

constexpr std::string_view kControl = "ctrl-";

// The control character of a key is its number in the alphabet; @ [ \ ] ^ _ lie around the letters.
char key_of(std::string_view word, std::string_view text) {
  if (word.size() == 1) return word.front();
  if (word.size() == kControl.size() + 1 && word.starts_with(kControl)) {
    const char key = word.back();
    if (key >= 'a' && key <= 'z') return static_cast<char>(key - 'a' + 1);
    if (key >= '@' && key <= '_') return static_cast<char>(key - '@');
  }
  throw Error(ErrorKind::Usage, text::join("--detach-keys: ", text::quoted(text), " names no keys"))
      .with_hint("write them with commas between: ctrl-p,ctrl-q or ctrl-],x; an empty word for none");
}

}  // namespace

DetachKeys::DetachKeys(std::string_view text) {
  if (text.empty()) return;
  for (const std::string_view word : text::split(text, ',')) keys_ += key_of(word, text);
}

std::string DetachKeys::feed(std::string_view input) {
  if (keys_.empty()) return std::string(input);
  std::string passed;
  for (const char c : input) {
    if (came()) break;
    // What was held back goes on up to where the keys may begin anew.
    while (matched_ > 0 && c != keys_[matched_]) {
      std::size_t shorter = matched_ - 1;
      while (shorter > 0 && keys_.compare(0, shorter, keys_, matched_ - shorter, shorter) != 0) --shorter;
      passed.append(keys_, 0, matched_ - shorter);
      matched_ = shorter;
    }
    if (c == keys_[matched_])
      ++matched_;
    else
      passed += c;
  }
  return passed;
}

}  // namespace caisson::life
