#include "life/name.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/random.hpp"

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

std::string new_id() { return text::hexadecimal(sys::random_bytes(32).or_throw("choose the id of a container")); }

std::string short_id(std::string_view id) { return std::string(id.size() == kIdDigits ? id.substr(0, kShortId) : id); }

}  // namespace caisson::life
