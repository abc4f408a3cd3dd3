#include "inspect/sections.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::inspect {

std::string section_names() {
  std::string out;
  for (const SectionName& row : kSections) out += text::join(out.empty() ? "" : ", ", row.name);
  return out;
}

Sections sections_of(ns::Type type) {
  Sections sections;
  sections.add(Section::Namespaces);
  switch (type) {
    case ns::Type::User:
      sections.add(Section::Ids);
      sections.add(Section::Sysctls);
      break;
    case ns::Type::Network:
      sections.add(Section::Network);
      sections.add(Section::Sysctls);
      break;
    case ns::Type::Ipc:
    case ns::Type::Uts:
      sections.add(Section::Sysctls);
      break;
    case ns::Type::Mount:
      sections.add(Section::Mounts);
      break;
    case ns::Type::Time:
      sections.add(Section::Clocks);
      break;
    case ns::Type::Pid:
    case ns::Type::Cgroup:
      break;  // its processes are all that is in it
  }
  return sections;
}

void add_sections(std::string_view names, Sections& sections) {
  if (names.empty()) throw Error(ErrorKind::Usage, "--only needs the name of a section").with_hint(section_names());
  for (const std::string_view name : text::split(names, ',')) {
    const auto found = std::ranges::find(kSections, name, &SectionName::name);
    if (found == kSections.end())
      throw Error(ErrorKind::Usage, text::join("--only: there is no section ", text::quoted(name)))
          .with_hint(text::join("sections are: ", section_names()));
    sections.add(found->section);
  }
}

}  // namespace caisson::inspect
