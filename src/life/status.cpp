#include "life/status.hpp"

#include <array>

#include "base/text.hpp"
#include "life/clock.hpp"

namespace caisson::life {
namespace {

constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 24 * kHour;

std::string ago(const StatusFacts& facts) {
  return text::join(duration_text((facts.now - nanoseconds_of(*facts.exit)) / kSecond), " ago");
}

std::string up(const StatusFacts& facts) {
  std::string text = text::join("Up ", duration_text((facts.now - facts.started) / kSecond));
  if (facts.phase == Phase::Paused) text += " (Paused)";
  if (!facts.has_keeper) text += " (no monitor)";
  return text;
}

}  // namespace

Phase derive_phase(const Record& record, const std::optional<Exit>& exit, const Signs& signs) noexcept {
  if (signs.runs) return signs.paused ? Phase::Paused : Phase::Running;
  if (record.run == 0) return Phase::Created;
  if (!exit || exit->run != record.run) return signs.has_keeper ? Phase::Created : Phase::Lost;
  return record.restarting && signs.has_keeper && !record.stopped_by_user ? Phase::Restarting : Phase::Ended;
}

std::string_view phase_name(Phase phase) noexcept {
  static constexpr std::array<std::string_view, 6> kNames{"created", "running", "paused", "restarting", "exited", "exited"};
  return kNames[static_cast<std::size_t>(phase)];
}

std::string status_text(const StatusFacts& facts) {
  switch (facts.phase) {
    case Phase::Created:
      return "Created";
    case Phase::Running:
    case Phase::Paused:
      return up(facts);
    case Phase::Restarting:
      return text::join("Restarting (", facts.exit->code, ") ", ago(facts));
    case Phase::Ended:
      return text::join("Exited (", facts.exit->code, ") ", ago(facts));
    case Phase::Lost:
      break;
  }
  return "Exited (lost)";
}

std::string duration_text(std::int64_t seconds) {
  const std::int64_t minutes = seconds / kMinute, hours = (seconds + kHour / 2) / kHour, days = seconds / kDay;
  if (seconds < 1) return "Less than a second";
  if (seconds == 1) return "1 second";
  if (seconds < kMinute) return text::join(seconds, " seconds");
  if (minutes == 1) return "About a minute";
  if (minutes < 60) return text::join(minutes, " minutes");
  if (hours == 1) return "About an hour";
  if (hours < 48) return text::join(hours, " hours");
  if (days < 14) return text::join(days, " days");
  if (days < 60) return text::join(days / 7, " weeks");
  if (days < 2 * 365) return text::join(days / 30, " months");
  return text::join(days / 365, " years");
}

}  // namespace caisson::life
