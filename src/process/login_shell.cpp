#include "process/login_shell.hpp"

#include "base/text.hpp"

namespace caisson::process {

std::string login_shell(std::string_view variable, std::string_view passwd, std::uint32_t uid) {
  if (!variable.empty()) return std::string(variable);
  for (const std::string_view line : text::split(passwd, '\n')) {
    const auto fields = text::split(line, ':');
    if (fields.size() == 7 && text::parse_number<std::uint32_t>(fields[2]) == uid && !fields[6].empty())
      return std::string(fields[6]);
  }
  return "/bin/sh";
}

std::string login_name(std::string_view shell) { return text::join('-', shell.substr(shell.rfind('/') + 1)); }

}  // namespace caisson::process
