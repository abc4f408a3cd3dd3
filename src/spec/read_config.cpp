#include "spec/read_config.hpp"

#include "spec/config_fields.hpp"

namespace caisson::spec {

Spec read_config(std::string_view json_text) { return json::read_document<Spec>(json_text); }
Process read_process(std::string_view json_text) { return json::read_document<Process>(json_text); }
Resources read_resources(std::string_view json_text) { return json::read_document<Resources>(json_text); }
Seccomp read_seccomp(std::string_view json_text) { return json::read_document<Seccomp>(json_text); }

}  // namespace caisson::spec
