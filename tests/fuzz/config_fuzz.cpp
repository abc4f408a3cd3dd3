// config.json, process.json and resources.json: any bytes are read or refused, nothing else; and what was read is written back
// so that reading it again gives the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "spec/read_config.hpp"
#include "spec/validate.hpp"
#include "spec/write_config.hpp"

namespace {

using namespace caisson;

void expect(bool good) {
  if (!good) std::abort();
}

void expect_refusal_of_input(const Error& error) { expect(error.kind() == ErrorKind::Spec && !error.message().empty()); }

void try_config(std::string_view text) {
  try {
    const spec::Spec read = spec::read_config(text);
    const std::string once = spec::write_config(read);
    expect(spec::write_config(spec::read_config(once)) == once);
    spec::validate(read);
  } catch (const Error& error) {
    expect_refusal_of_input(error);
  }
}

void try_process(std::string_view text) {
  try {
    const spec::Process read = spec::read_process(text);
    const std::string once = spec::write_process(read);
    expect(spec::write_process(spec::read_process(once)) == once);
    spec::validate_process(read);
  } catch (const Error& error) {
    expect_refusal_of_input(error);
  }
}

void try_resources(std::string_view text) {
  try {
    const spec::Resources read = spec::read_resources(text);
    const std::string once = spec::write_resources(read);
    expect(spec::write_resources(spec::read_resources(once)) == once);
    spec::validate_resources(read);
  } catch (const Error& error) {
    expect_refusal_of_input(error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_config(text);
  try_process(text);
  try_resources(text);
  return 0;
}
