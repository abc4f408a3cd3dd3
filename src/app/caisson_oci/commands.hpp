// The commands of caisson-oci, one file each. A command reads its options, calls the life cycle and prints; what it returns is
// the exit status of the program. Failures are thrown.
#pragma once

#include "app/options.hpp"
#include "lifecycle/commands.hpp"

namespace caisson::app::oci {

struct Invocation {
  const Parsed& line;
  const lifecycle::Context& context;

  const OptionValues& options() const noexcept { return line.options; }
  std::string operand(std::size_t index) const { return std::string(line.operands[index]); }
};

int create(const Invocation& invocation);
int start(const Invocation& invocation);
int run(const Invocation& invocation);
int exec(const Invocation& invocation);
int state(const Invocation& invocation);
int kill(const Invocation& invocation);
int destroy(const Invocation& invocation);
int list(const Invocation& invocation);
int ps(const Invocation& invocation);
int spec(const Invocation& invocation);
int features(const Invocation& invocation);
int plan(const Invocation& invocation);
int complete_word(const Invocation& invocation);  // for shells: app/complete.hpp

enum class Format : std::uint8_t { Table, Json };
// --format of list and ps; throws Error{Usage} for any other word.
Format format_of(const OptionValues& options);

}  // namespace caisson::app::oci
