#include "life/name.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::life {
namespace {

constexpr std::size_t kMostName = 128;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_name_character(char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }

}  // namespace

void check_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kMostName && is_alphanumeric(name.front()) &&
                    std::ranges::all_of(name, is_name_character);
  if (good) return;
  throw Error(ErrorKind::Usage, text::join(text::quoted(name), " cannot be the name of a container"))
      .with_hint("a name has 1 to 128 letters, digits and _ . - and begins with a letter or digit");
}

std::string new_id() {
  std::array<unsigned char, 32> random{};
  const sys::UniqueFd source = sys::open_at(sys::kCwd, "/dev/urandom", O_RDONLY).or_throw("open /dev/urandom");
  if (sys::read_some(source.borrow(), random.data(), random.size()).or_throw("read /dev/urandom") != random.size())
    throw Error(ErrorKind::Kernel, "read /dev/urandom: too few bytes");
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id;
  for (const unsigned char byte : random) {
    id.push_back(kDigits[byte >> 4U]);
    id.push_back(kDigits[byte & 15U]);
  }
  return id;
}

std::string short_id(std::string_view id) { return std::string(id.substr(0, kShortId)); }

}  // namespace caisson::life
