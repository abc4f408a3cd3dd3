// What a configuration must obey beyond its types: a table of named checks, each a pure function. The first one that fails
// throws Error(Spec, "<JSON path>: <what is wrong>") with a hint. Nothing here asks the kernel: what this host cannot do is
// found later, from HostFacts.
#pragma once

#include <span>
#include <string_view>

#include "spec/spec.hpp"

namespace caisson::spec {

struct Check {
  std::string_view name;  // "id-maps"
  std::string_view rule;  // one sentence, for the documentation
  void (*run)(const Spec& spec);
};
struct ProcessCheck {
  std::string_view name;
  std::string_view rule;
  // prefix: what the JSON paths of errors begin with, "process" or "" when the document is the process itself.
  void (*run)(const Process& process, std::string_view prefix);
};

std::span<const Check> checks();                 // of the whole configuration, without its process
std::span<const ProcessCheck> process_checks();  // of a process, also one for exec

// A configuration without a process is valid: it can be created, but not started.
void validate(const Spec& spec);
void validate_process(const Process& process, std::string_view prefix = "");
// For `update`: the checks that apply to linux.resources alone.
void validate_resources(const Resources& resources, std::string_view prefix = "");

}  // namespace caisson::spec
