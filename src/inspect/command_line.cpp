#include "inspect/command_line.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace caisson::inspect {

std::string join_arguments(std::string_view cmdline) {
  while (!cmdline.empty() && cmdline.back() == '\0') cmdline.remove_suffix(1);
  std::string out(cmdline);
  std::ranges::replace(out, '\0', ' ');
  return out;
}

std::string command_of(ProcReader& proc, pid_t pid) {
  const auto arguments = proc.read(ProcPath(pid, "/cmdline"));
  if (arguments.ok()) {
    std::string joined = join_arguments(arguments.value());
    if (!joined.empty()) return joined;
  }
  const auto name = proc.read(ProcPath(pid, "/comm"));
  if (!name.ok()) return {};
  std::string_view line = name.value();
  if (line.ends_with('\n')) line.remove_suffix(1);
  return std::string(line);
}

}  // namespace caisson::inspect
