#include "service/wish.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "launch/trampoline/services_page.hpp"
#include "life/restart_policy.hpp"
#include "process/signals.hpp"

namespace caisson::service {
namespace {

constexpr std::string_view kForm = "write NAME=CMD or NAME[KEY=VALUE,...]=CMD, as in --service 'web[after=db]=httpd -f'";
constexpr std::array<std::string_view, 7> kKeys{"after", "restart", "env", "user", "workdir", "stop-signal", "stop-timeout"};
constexpr std::uint32_t kMostTimeoutS = 1'000'000;

[[noreturn]] void refuse(std::string_view service, std::string_view problem, std::string_view hint = {}) {
  throw Error(ErrorKind::Usage, text::join("--service: ", text::quoted(service), ": ", problem)).with_hint(std::string(hint));
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

void check_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= launch::kMostServiceName && name.front() != '-' && name.front() != '.';
  if (!fits || !std::ranges::all_of(name, is_name_character))
    refuse(name, text::join("a name has 1 to ", launch::kMostServiceName, " letters, digits and _ - ."), kForm);
  // That is how PID 1 itself speaks in the log, and what --ends-with has a meaning for.
  for (const std::string_view taken : {"caisson", "all", "first"})
    if (name == taken) refuse(name, "this name has another meaning");
}

// A value up to a comma or bracket; quotes and backslashes as in words.
class KeyReader {
 public:
  KeyReader(std::string_view service, std::string_view text) : service_(service), text_(text) {}

  // Behind the opening bracket; gives what stands behind the closing one.
  std::string_view read(Wish& wish) {
    do {
      const std::size_t equals = text_.find_first_of("=,]", at_);
      if (equals == std::string_view::npos) refuse(service_, "] is missing", kForm);
      const std::string_view key = text_.substr(at_, equals - at_);
      if (text_[equals] != '=') refuse(service_, text::join(text::quoted(key), " has no value"), kForm);
      at_ = equals + 1;
      set_key(wish, key, take_value());
    } while (text_[at_++] == ',');
    return text_.substr(at_);
  }

 private:
  std::string take_value() {
    const std::size_t begin = at_;
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != 0 && c == quote)
        quote = 0;
      else if (quote == 0 && (c == '\'' || c == '"'))
        quote = c;
      else if (c == '\\' && quote != '\'')
        ++at_;
      else if (quote == 0 && (c == ',' || c == ']'))
        return one_word(text_.substr(begin, at_ - begin));
    }
    refuse(service_, "] is missing", kForm);
  }
  std::string one_word(std::string_view written) const {
    const std::vector<std::string> words = text::shell_words(written);
    if (words.size() != 1) refuse(service_, text::join(text::quoted(written), " is no value"), "quotes keep blanks in a value");
    return words.front();
  }

  std::string_view service_, text_;
  std::size_t at_ = 0;
};

std::uint32_t parse_timeout(const Wish& wish, std::string_view value) {
  const auto seconds = text::parse_number<std::uint32_t>(value);
  if (!seconds || *seconds > kMostTimeoutS)
    refuse(wish.name, text::join("stop-timeout: ", text::quoted(value), " is no number of seconds"));
  return *seconds;
}

}  // namespace

bool is_key(std::string_view key) noexcept { return std::ranges::find(kKeys, key) != kKeys.end(); }

void set_key(Wish& wish, std::string_view key, std::string_view value) {
  if (key == "after") {
    wish.after.emplace_back(value);
  } else if (key == "env") {
    if (value.find('=') == std::string_view::npos || value.starts_with('='))
      refuse(wish.name, text::join("env: ", text::quoted(value), " is not NAME=VALUE"));
    wish.env.emplace_back(value);
  } else if (key == "restart") {
    static_cast<void>(life::parse_restart_policy(value));
    wish.restart = value;
  } else if (key == "user") {
    wish.user = value;
  } else if (key == "workdir") {
    if (!value.starts_with('/')) refuse(wish.name, "workdir: must be an absolute path");
    wish.workdir = value;
  } else if (key == "stop-signal") {
    if (process::parse_signal(value) == 0) refuse(wish.name, "stop-signal: 0 is no signal");
    wish.stop_signal = value;
  } else if (key == "stop-timeout") {
    wish.stop_timeout_s = parse_timeout(wish, value);
  } else {
    const std::string_view near = text::nearest(key, kKeys);
    refuse(wish.name, text::join("unknown key ", text::quoted(key)),
           near.empty() ? "keys are after, restart, env, user, workdir, stop-signal, stop-timeout"
                        : text::join("did you mean ", near));
  }
}

Wish parse_wish(std::string_view word) {
  Wish wish;
  const std::size_t end = word.find_first_of("[=");
  wish.name = word.substr(0, end);
  if (end == std::string_view::npos) refuse(word, "there is no command", kForm);
  check_name(wish.name);
  std::string_view rest = word.substr(end);
  if (rest.front() == '[') rest = KeyReader(wish.name, rest.substr(1)).read(wish);
  if (!rest.starts_with('=')) refuse(wish.name, "there is no command", kForm);
  wish.args = text::shell_words(rest.substr(1));
  if (wish.args.empty() || wish.args.front().empty()) refuse(wish.name, "there is no command", kForm);
  return wish;
}

std::string wish_word(const Wish& wish) {
  std::string keys;
  const auto add = [&keys](std::string_view key, std::string_view value) {
    // In a key's value a comma has a meaning, for a shell it has none.
    std::string written = text::shell_word(value);
    if (written == value && value.find(',') != std::string_view::npos) written = text::join('\'', value, '\'');
    keys += text::join(keys.empty() ? "[" : ",", key, '=', written);
  };
  const Wish usual;
  for (const std::string& one : wish.after) add("after", one);
  for (const std::string& one : wish.env) add("env", one);
  if (wish.restart != usual.restart) add("restart", wish.restart);
  if (!wish.user.empty()) add("user", wish.user);
  if (!wish.workdir.empty()) add("workdir", wish.workdir);
  if (wish.stop_signal != usual.stop_signal) add("stop-signal", wish.stop_signal);
  if (wish.stop_timeout_s != usual.stop_timeout_s) add("stop-timeout", text::join(wish.stop_timeout_s));
  std::string words;
  for (const std::string& word : wish.args) words += text::join(words.empty() ? "" : " ", text::shell_word(word));
  return text::join(wish.name, keys, keys.empty() ? "" : "]", '=', words);
}

}  // namespace caisson::service
