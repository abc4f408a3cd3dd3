// The structs of spec.hpp as JSON, in the member order of the Go types that other runtimes write. Reading the result back gives
// the same values. json::kTabs is what `runc spec` writes, json::kCompact is for copies that only programs read.
#pragma once

#include <string>

#include "json/writer.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {

std::string write_config(const Spec& spec, json::Style style = json::kTabs);
std::string write_process(const Process& process, json::Style style = json::kCompact);
std::string write_resources(const Resources& resources, json::Style style = json::kCompact);

}  // namespace caisson::spec
