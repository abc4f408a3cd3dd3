#include "app/stdout_layout.hpp"

#include <cstdlib>

#include "base/text.hpp"
#include "sys/terminal.hpp"

namespace caisson::app {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

TableLayout layout_for_stdout() {
  constexpr sys::BorrowedFd kStandardOutput{1};
  constexpr std::size_t kUsualWidth = 80;
  TableLayout layout;
  layout.characters = characters_of_locale(variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG"));
  if (!sys::is_terminal(kStandardOutput)) return layout;
  const auto size = sys::window_size(kStandardOutput);
  layout.width = size.ok() ? size.value().columns : 0;
  if (layout.width == 0) layout.width = text::parse_number<std::size_t>(variable("COLUMNS")).value_or(kUsualWidth);
  return layout;
}

}  // namespace caisson::app
