// Containers as listings show them.
#pragma once

#include <string>
#include <vector>

#include "app/caisson/run_detached.hpp"
#include "life/look.hpp"

namespace caisson::app::human {

struct LifeRow {
  life::Record record;
  life::Seen seen;
  std::string status;
};
// Repaired where that was due, those in the foreground without a name last. Without `all` only those that run, or are about to.
std::vector<LifeRow> life_rows(const DetachedContainers& containers, bool all);
LifeRow life_row(life::Record record, const life::Seen& seen);

// What its root is: the directory of --rootfs, or "(host)".
std::string image_of(const life::Record& record);
std::string created_text(const life::Record& record);  // "5 minutes ago"
std::string time_text(std::int64_t nanoseconds);       // RFC 3339; 0 as in "never": year 1

}  // namespace caisson::app::human
