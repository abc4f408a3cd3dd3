// The same profile through libseccomp, called as runc calls it, as a BPF program in the byte order of this machine.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "security/seccomp_architecture.hpp"
#include "spec/spec.hpp"

namespace caisson::security::test {

// libseccomp's token of an architecture; nothing if the installed one does not know it.
std::optional<std::uint32_t> libseccomp_token(SeccompArchitecture architecture);
// libseccomp's number; negative: not a call of that architecture.
int libseccomp_number(std::uint32_t token, const std::string& name);
bool libseccomp_knows(const std::string& name);

// Nothing if libseccomp refuses the rules, as runc then would.
std::optional<std::vector<sock_filter>> libseccomp_program(const spec::Seccomp& profile, SeccompArchitecture native);

}  // namespace caisson::security::test
