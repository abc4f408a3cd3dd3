// Facts as rows of a name and a value in plain words: what a report prints, and what a comparison compares. Pure.
// What could not be read is a row that says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/inside_facts.hpp"
#include "inspect/process_facts.hpp"

namespace caisson::inspect {

struct Row {
  std::string name;
  std::vector<std::string> lines;  // of the value: most have one
  bool known = true;               // else the line says why not

  Row(std::string row_name, std::string value) : name(std::move(row_name)), lines{std::move(value)} {}
  Row(std::string row_name, std::vector<std::string> values) : name(std::move(row_name)), lines(std::move(values)) {}
  static Row missing(std::string name, std::string_view why);
  bool operator==(const Row&) const = default;
};
using Rows = std::vector<Row>;

// "cannot be read: Permission denied"
std::string missing_in_words(std::string_view why);

Rows identity_rows(const ProcessFacts& facts);  // pid, parent, command, state
Rows map_rows(const ProcessFacts& facts);       // id maps, setgroups
Rows user_rows(const ProcessFacts& facts);      // the ids that the process has
Rows capability_rows(const Fact<StatusFile>& status);
Rows security_rows(const ProcessFacts& facts);  // no_new_privs, seccomp, label
enum class Figures : std::uint8_t { All, Limits };
Rows cgroup_rows(const Fact<std::vector<CgroupSeen>>& cgroups, Figures figures);
Rows root_rows(const ProcessFacts& facts);
Rows limit_rows(const Fact<std::vector<ResourceLimit>>& limits);
Rows host_name_rows(const InsideFacts& facts);
Rows clock_rows(const Fact<std::vector<ClockOffset>>& clocks);
Rows device_rows(const Fact<std::vector<net::Link>>& links);
// One row for each mount, by its mount point; the second mount at a place is "/x (2)".
Rows mount_rows(const Fact<std::vector<mount::MountInfo>>& mounts);

// "all 41", "all 41 but CAP_SYS_RESOURCE", "CAP_CHOWN CAP_KILL", "none".
std::string capabilities_in_words(std::uint64_t mask);

// Lines "  NAME  VALUE", values below each other, whatever the names and values hold made harmless.
std::string aligned(const Rows& rows);

}  // namespace caisson::inspect
