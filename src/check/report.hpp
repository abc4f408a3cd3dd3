// The verdict on a measured machine: every finding in its order, and whether rootful and rootless containers can run. Pure.
#pragma once

#include <string>
#include <vector>

#include "check/finding.hpp"

namespace caisson::check {

struct Finding {
  Area area;
  const Check* check;
  Judgement judged;
};

struct Verdict {
  bool can = true;
  std::string why_not;               // a sentence; empty: the findings say it
  std::vector<std::string> lacking;  // names of the findings that prevent it
};

struct Report {
  std::vector<Finding> findings;
  Verdict rootful, rootless;
};

Report judge(const Measured& measured);

// 0: both kinds of containers can run; 1: only rootful ones; 2: only rootless ones; 3: none.
int exit_status(const Report& report) noexcept;

enum class Detail : std::uint8_t { Everything, Problems };
std::string text_of(const Measured& measured, const Report& report, Detail detail);
// One object; its shape is described in caisson-check(1).
std::string json_of(const Measured& measured, const Report& report);

}  // namespace caisson::check
