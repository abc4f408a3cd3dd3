#include "app/caisson/life_rows.hpp"

#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "life/clock.hpp"
#include "life/unnamed.hpp"

namespace caisson::app::human {

LifeRow life_row(life::Record record, const life::Seen& seen) {
  std::string status = life::status_text({.phase = seen.phase,
                                          .started = record.started,
                                          .exit = seen.exit,
                                          .has_keeper = seen.has_keeper,
                                          .now = life::current_moment()});
  return {.record = std::move(record), .seen = seen, .status = std::move(status)};
}

std::vector<LifeRow> life_rows(const DetachedContainers& containers, bool all) {
  std::vector<LifeRow> rows;
  if (const auto store = containers.store()) {
    for (life::Entry& entry : store->list()) {
      const auto seen = life::look_and_repair(containers.context(), entry);
      if (!seen) continue;
      const bool up = life::is_live(seen->phase) || seen->phase == life::Phase::Restarting;
      if (all || up) rows.push_back(life_row(std::move(entry.record), *seen));
    }
  }
  for (life::Unnamed& one : life::unnamed_runs(containers.context())) rows.push_back(life_row(std::move(one.record), one.seen));
  return rows;
}

std::string image_of(const life::Record& record) {
  if (!record.image.empty()) return record.image;
  for (const life::GivenOption& option : record.options)
    if (option.name == "rootfs" && option.value) return *option.value;
  return "(host)";
}

std::string created_text(const life::Record& record) {
  return text::join(life::duration_text((life::current_moment() - record.created) / life::kSecond), " ago");
}

std::string time_text(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0001-01-01T00:00:00Z";
  return rfc3339_nano({.tv_sec = nanoseconds / life::kSecond, .tv_nsec = nanoseconds % life::kSecond});
}

}  // namespace caisson::app::human
