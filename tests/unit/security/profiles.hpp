// Profiles for the tests: files in the form of config.json, and random ones from a seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::security::test {

spec::Seccomp profile_from_file(const std::string& name);  // "docker" or "podman"

// How rules for one call may overlap in a random profile.
enum class Overlap : std::uint8_t {
  OneAction,    // all operators, up to three conditions; all rules for one call have one action
  ManyActions,  // single conditions, each rule with an action of its own
};
spec::Seccomp random_profile(std::mt19937_64& random, Overlap overlap, const std::vector<std::string>& architectures);

// Values at and around every bound that the profile names.
std::vector<std::array<std::uint64_t, 6>> argument_samples(const spec::Seccomp& profile, std::mt19937_64& random,
                                                           std::size_t count);

}  // namespace caisson::security::test
