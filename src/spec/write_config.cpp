#include "spec/write_config.hpp"

#include "spec/config_fields.hpp"

namespace caisson::spec {

std::string write_config(const Spec& spec, json::Style style) { return json::write_document(spec, style); }
std::string write_process(const Process& process, json::Style style) { return json::write_document(process, style); }
std::string write_resources(const Resources& resources, json::Style style) { return json::write_document(resources, style); }

}  // namespace caisson::spec
