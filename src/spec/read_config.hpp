// config.json, process.json and resources.json (runtime-spec 1.3.0) into the structs of spec.hpp. Reading refuses wrong types,
// numbers that do not fit and unknown words of closed vocabularies, each with its JSON path; it ignores unknown members, other
// platforms, and null. What the values mean is checked by validate.hpp.
#pragma once

#include <string_view>

#include "spec/spec.hpp"

namespace caisson::spec {

// All throw Error(Spec, "process.args[1]: expected a string, found a number") or "line 3, column 7: ...".
Spec read_config(std::string_view json_text);
// What `exec --process` gets: a process object by itself.
Process read_process(std::string_view json_text);
// What `update --resources` gets: a linux.resources object by itself.
Resources read_resources(std::string_view json_text);
// A profile file: a linux.seccomp object by itself.
Seccomp read_seccomp(std::string_view json_text);

}  // namespace caisson::spec
