// A service as a person writes it after --service: one program of several in a container.
//   NAME=CMD                       CMD is a line of words, split as a shell does it, without a shell
//   NAME[KEY=VALUE,...]=CMD        after, restart, env, user, workdir, stop-signal, stop-timeout
// after and env may stand there more than once. In a value quotes and backslashes keep what would end it, as in words. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::service {

inline constexpr std::uint32_t kStopTimeoutS = 5;

struct Wish {
  std::string name;
  std::vector<std::string> args;
  std::vector<std::string> after;  // names
  std::vector<std::string> env;    // NAME=VALUE
  std::string restart = "no", user, workdir, stop_signal = "TERM";
  std::uint32_t stop_timeout_s = kStopTimeoutS;
};

// All throw Error{Usage} naming --service and what is wrong.
Wish parse_wish(std::string_view word);
bool is_key(std::string_view key) noexcept;
// One of the keys above.
void set_key(Wish& wish, std::string_view key, std::string_view value);
// The word that parse_wish reads as the same.
std::string wish_word(const Wish& wish);

// Each behind those that it comes after, else as they were given. Throws for names that stand there twice or nowhere, for a
// cycle, and for more than PID 1 takes.
std::vector<Wish> in_order(std::vector<Wish> wishes);

}  // namespace caisson::service
