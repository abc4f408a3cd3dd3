#include "toml/value.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/text.hpp"

namespace caisson::toml {

Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1, .column = before.size() - line_start + 1};
}

std::string_view kind_name(Kind kind) noexcept {
  static constexpr std::array<std::string_view, 7> kNames{
      "a string", "a number", "a number with a fraction", "true or false", "a date or time", "a list", "a table"};
  return kNames[static_cast<std::size_t>(kind)];
}

const Member* Value::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : &*found;
}

void refuse(std::string_view file, Place place, std::string_view problem, std::string_view hint) {
  throw Error(ErrorKind::Spec, text::join(text::printable(file), ':', place.line, ':', place.column, ": ", problem))
      .with_hint(std::string(hint));
}

}  // namespace caisson::toml
