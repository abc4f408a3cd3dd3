#include <string>

#include "spec/read_config.hpp"
#include "spec/validate.hpp"

std::size_t parse(const std::string& text) {
  const caisson::spec::Spec spec = caisson::spec::read_config(text);
  caisson::spec::validate(spec);
  return spec.mounts.size();
}
