#include "inspect/status_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::inspect {
namespace {

std::optional<std::string_view> field(std::string_view status, std::string_view name) {
  for (const std::string_view line : text::split(status, '\n'))
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':')
      return text::trim(line.substr(name.size() + 1));
  return std::nullopt;
}

// The name may begin or end with blanks: nothing is trimmed.
std::string_view name_line(std::string_view status) {
  constexpr std::string_view kName = "Name:\t";
  if (!status.starts_with(kName)) throw Error(ErrorKind::Host, "the status of the process does not begin with its name");
  return status.substr(kName.size(), status.find('\n') - kName.size());
}

std::string_view needed(std::string_view status, std::string_view name) {
  const auto found = field(status, name);
  if (!found) throw Error(ErrorKind::Host, text::join("the status of the process has no field ", name));
  return *found;
}

template <class Number>
Number number(std::string_view digits, std::string_view name, int base = 10) {
  const auto value = text::parse_number<Number>(digits, base);
  if (!value) throw Error(ErrorKind::Host, text::join("the status of the process has no number in its field ", name));
  return *value;
}

template <class Number>
std::vector<Number> numbers(std::string_view status, std::string_view name) {
  std::vector<Number> all;
  const std::string_view line = needed(status, name);
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    if (end > at) all.push_back(number<Number>(line.substr(at, end - at), name));
    at = end + 1;
  }
  return all;
}

FourIds four(std::string_view status, std::string_view name) {
  const auto all = numbers<std::uint32_t>(status, name);
  if (all.size() != 4)
    throw Error(ErrorKind::Host, text::join("the status of the process has no four ids in its field ", name));
  return {all[0], all[1], all[2], all[3]};
}

template <class Number>
std::optional<Number> number_if_there(std::string_view status, std::string_view name) {
  const auto found = field(status, name);
  if (!found) return std::nullopt;
  return number<Number>(*found, name);
}

// The kernel writes a newline as "\n" and a backslash as "\\" here (fs/proc/array.c).
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool escape = name[at] == '\\' && at + 1 < name.size();
    if (escape) ++at;
    out += escape && name[at] == 'n' ? '\n' : name[at];
  }
  return out;
}

std::uint64_t mask(std::string_view status, std::string_view name) {
  return number<std::uint64_t>(needed(status, name), name, 16);
}

}  // namespace

StatusFile parse_status(std::string_view text) {
  StatusFile out;
  out.name = unescaped(name_line(text));
  out.state = std::string(needed(text, "State"));
  out.parent = number<pid_t>(needed(text, "PPid"), "PPid");
  out.threads = number<unsigned>(needed(text, "Threads"), "Threads");
  out.users = four(text, "Uid");
  out.groups = four(text, "Gid");
  out.supplementary = numbers<std::uint32_t>(text, "Groups");
  if (field(text, "NSpid")) out.pids = numbers<pid_t>(text, "NSpid");
  out.capabilities = {.effective = mask(text, "CapEff"),
                      .permitted = mask(text, "CapPrm"),
                      .inheritable = mask(text, "CapInh"),
                      .bounding = mask(text, "CapBnd"),
                      .ambient = mask(text, "CapAmb")};
  if (const auto forbidden = number_if_there<unsigned>(text, "NoNewPrivs")) out.no_new_privs = *forbidden != 0;
  out.seccomp = number_if_there<unsigned>(text, "Seccomp");
  out.seccomp_filters = number_if_there<unsigned>(text, "Seccomp_filters");
  return out;
}

}  // namespace caisson::inspect
