#include "sys/process_title.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "sys/process.hpp"

namespace caisson::sys {

static std::span<char> kept_arguments;

void keep_arguments(int count, char** arguments) noexcept {
  if (count < 1) return;
  char* const last = arguments[count - 1];
  kept_arguments = {arguments[0], static_cast<std::size_t>(last - arguments[0]) + std::strlen(last) + 1};
}

void set_process_title(const char* name, std::string_view words) noexcept {
  static_cast<void>(process_control(PR_SET_NAME, reinterpret_cast<unsigned long>(name)));
  if (kept_arguments.empty()) return;
  const std::size_t room = kept_arguments.size() - 1;
  std::ranges::fill(kept_arguments, '\0');
  std::ranges::copy(words.substr(0, room), kept_arguments.begin());
  // Where the last byte is no zero the kernel shows what stands before the first one, without the zeros after it.
  if (words.size() < room) kept_arguments.back() = '.';
}

}  // namespace caisson::sys
