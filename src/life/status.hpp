// What a detached container is doing, derived from what is true now, and the words that scripts know for it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "life/record.hpp"

namespace caisson::life {

// Ended: with an exit record of its last run. Lost: it ran, and nobody was there to see its end.
enum class Phase : std::uint8_t { Created, Running, Paused, Restarting, Ended, Lost };

struct Signs {
  bool runs = false, paused = false;  // of the first process and its cgroup
  bool has_keeper = false;
};
Phase derive_phase(const Record& record, const std::optional<Exit>& exit, const Signs& signs) noexcept;

// What stands for the exit status of one that was lost.
inline constexpr int kUnknownStatus = 255;

inline bool is_live(Phase phase) noexcept { return phase == Phase::Running || phase == Phase::Paused; }
// "running", as inspect has it.
std::string_view phase_name(Phase phase) noexcept;

struct StatusFacts {
  Phase phase = Phase::Created;
  std::int64_t started = 0;  // nanoseconds since 1970, as now
  std::optional<Exit> exit;
  bool has_keeper = true;
  std::int64_t now = 0;
};
// "Up 5 minutes", "Up 5 minutes (Paused)", "Exited (0) 2 minutes ago", "Restarting (1) 2 seconds ago", "Exited (lost)",
// "Created".
std::string status_text(const StatusFacts& facts);
// "Less than a second", "About a minute", "3 weeks".
std::string duration_text(std::int64_t seconds);

}  // namespace caisson::life
