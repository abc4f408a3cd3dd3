// What is kept on disk about a detached container: the command line that a person wrote, so that it can be built again, and
// what happened to it so far. Nothing that can be looked at is stored: whether it runs is derived (status.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launch/monitor/log_line.hpp"
#include "state/identity.hpp"

namespace caisson::life {

// An option as it was given; without a value: a flag.
struct GivenOption {
  std::string name;
  std::optional<std::string> value;
};

struct Record {
  std::string id, name;
  std::int64_t created = 0;          // nanoseconds since 1970
  std::string directory;             // in which the command was given: relative paths count from it
  std::vector<GivenOption> options;  // of `caisson run`, in their order
  std::vector<std::string> command;  // the words behind them
  std::string image;                 // as it was named; empty: none. `options` has its id
  std::vector<std::string> volumes;  // paths that the image wants to have beside its root, by their numbers
  std::vector<std::string> exposed;  // ports that the image exposes: "80/tcp"
  bool remove_at_end = false;
  bool layer = false;       // what it writes is kept on disk (life/layer.hpp)
  bool foreground = false;  // of a runtime in the foreground, which is its keeper (life/foreground.hpp)
  std::string restart = "no";
  std::string stop_signal = "TERM";
  std::uint64_t log_most_bytes = 0;
  std::uint32_t log_files = 1;
  // What the last start found out.
  std::uint32_t run = 0;     // which start it was; 0: none yet
  std::int64_t started = 0;  // nanoseconds since 1970
  std::string boot_id;
  std::vector<std::string> args;  // of the program, as executed
  std::string error;              // why the last start failed
  int stage_at = 4;               // without a layer: the number in its keeper of what it writes (life/inside.hpp)
  // What is to become of it.
  bool stopped_by_user = false;  // no restart then
  bool restarting = false;       // the monitor waits for the delay
  std::uint32_t restarts = 0, delay_ms = 0;
  std::optional<state::Identity> keeper;  // while it waits for the delay: nothing is lost when it is killed then

  // By its long name, as it was given first.
  const GivenOption* option(std::string_view option_name) const noexcept;
  std::string option_text(std::string_view option_name) const;  // empty: not given, or a flag
};

std::string to_json(const Record& record);
Record parse_record(std::string_view json);  // throws Error{State}

// How a run ended; the form is the monitor's (launch/monitor/log_line.hpp).
using Exit = launch::ExitRecord;
std::string exit_text(const Exit& exit);
// Nothing for a text that is empty or cut.
std::optional<Exit> parse_exit(std::string_view text);
inline std::int64_t nanoseconds_of(const Exit& exit) { return exit.seconds * 1'000'000'000 + exit.nanoseconds; }

}  // namespace caisson::life
