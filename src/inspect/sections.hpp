// The sections of a report about a process or a namespace: one table for --only, the titles and the JSON keys.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ns/kinds.hpp"

namespace caisson::inspect {

enum class Section : std::uint8_t {
  Process,
  Namespaces,
  Ids,
  Capabilities,
  Security,
  Cgroup,
  Mounts,
  Limits,
  Network,
  Sysctls,
  Clocks,
};

struct SectionName {
  Section section;
  std::string_view name;   // for --only, and the key in JSON
  std::string_view title;  // for people
};

inline constexpr std::array kSections{
    SectionName{Section::Process, "process", "process"},
    SectionName{Section::Namespaces, "namespaces", "namespaces"},
    SectionName{Section::Ids, "ids", "users and groups"},
    SectionName{Section::Capabilities, "capabilities", "capabilities"},
    SectionName{Section::Security, "security", "security"},
    SectionName{Section::Cgroup, "cgroup", "cgroup"},
    SectionName{Section::Mounts, "mounts", "root and mounts"},
    SectionName{Section::Limits, "limits", "resource limits"},
    SectionName{Section::Network, "network", "network"},
    SectionName{Section::Sysctls, "sysctls", "sysctls"},
    SectionName{Section::Clocks, "clocks", "clocks"},
};

class Sections {
 public:
  static constexpr Sections all() noexcept {
    Sections sections;
    for (const SectionName& row : kSections) sections.add(row.section);
    return sections;
  }
  constexpr void add(Section section) noexcept { bits_ |= bit(section); }
  constexpr bool has(Section section) const noexcept { return (bits_ & bit(section)) != 0; }
  constexpr Sections both(Sections other) const noexcept {
    Sections common;
    common.bits_ = bits_ & other.bits_;
    return common;
  }
  constexpr bool empty() const noexcept { return bits_ == 0; }

 private:
  static constexpr std::uint32_t bit(Section section) noexcept { return 1U << static_cast<unsigned>(section); }
  std::uint32_t bits_ = 0;
};

// What there is to say about a namespace alone: itself, and what is in it.
Sections sections_of(ns::Type type);

// Adds the sections that "mounts,network" names. Throws Error{Usage} naming all that there are.
void add_sections(std::string_view names, Sections& sections);
// "process, namespaces, ...".
std::string section_names();

}  // namespace caisson::inspect
