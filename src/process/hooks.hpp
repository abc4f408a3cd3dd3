// Runs the hooks of config.json in the namespaces of the runtime: prestart, createRuntime, poststart, poststop
// (runtime-spec 1.3.0, config.md "POSIX-platform Hooks"), and createContainer from within the container's. Each gets the state
// document on standard input and exactly the environment it names, or the runtime's when it names none; it runs in a process
// group of its own, with default signals and no further descriptor. A hook that outlives its timeout is killed with its whole
// group. What it printed is quoted in the error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "spec/spec.hpp"

namespace caisson::process {

struct HookRun {
  std::string_view kind;  // "poststart": for messages
  const std::vector<spec::Hook>& hooks;
  std::string_view state_json;   // one line, compact
  const std::string& directory;  // the bundle
};

// What every message calls a hook, also those of hooks that are run elsewhere. index: in the list of its kind, from 0.
std::string title_of_hook(std::string_view kind, std::size_t index, std::string_view path);

// In their order; throws Error{Host} for the first that fails, the rest is not run.
void run_hooks(const HookRun& run);
// Every one of them; a failure is a warning.
void run_hooks_and_warn(const HookRun& run, LogSink& log);

// Keeps the end of a long output: errors stand there.
class OutputTail {
 public:
  void add(std::string_view bytes);
  // For a message: blanks trimmed, at most kQuoted bytes, "..." in front when something is missing.
  std::string quote() const;

 private:
  static constexpr std::size_t kKept = std::size_t{64} << 10;
  static constexpr std::size_t kQuoted = 1024;
  std::string kept_;
  bool cut_ = false;
};

}  // namespace caisson::process
