// Capabilities (man 7 capabilities): names, masks, the five sets of a process as one value, and the calls that apply it.
// Masks have bit n for capability number n.
// Order in the container's first process, each step by launch:
//   drop_bounding, keep_capabilities_over_setuid, set groups/group/user, apply_after_setuid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::security {

inline constexpr unsigned kCapabilityCount = 41;  // 0 CAP_CHOWN .. 40 CAP_CHECKPOINT_RESTORE (5.9)
inline constexpr std::uint64_t kAllCapabilities = (std::uint64_t{1} << kCapabilityCount) - 1;

std::string_view capability_name(unsigned number) noexcept;                 // "CAP_CHOWN"; empty past the table
std::optional<unsigned> capability_number(std::string_view name) noexcept;  // exact, "CAP_CHOWN"
// As people type it: any case, with or without "CAP_".
std::optional<unsigned> capability_number_of_user(std::string_view name);
std::vector<std::string> capability_names(std::uint64_t mask);  // in order of number; numbers without a name are left out

// unknown: gets the names that are none, each once.
std::uint64_t capability_mask(const std::vector<std::string>& names, std::vector<std::string>& unknown);
// For --cap-add and --cap-drop: also takes "ALL"; option names the option in the error.
std::uint64_t capability_mask_of_user(const std::vector<std::string>& names, std::string_view option);

extern const std::uint64_t kDockerCapabilities;    // the 14 that Docker and containerd grant
extern const std::uint64_t kRuncSpecCapabilities;  // the 3 that `runc spec` writes

struct CapabilityPlan {
  std::uint64_t bounding = 0, effective = 0, permitted = 0, inheritable = 0, ambient = 0;
};

// Refuses what the kernel would refuse: effective beyond permitted, inheritable beyond bounding. What is unknown or not
// grantable, and ambient beyond permitted or inheritable, is left out and said in a warning, as the specification asks for
// (config.md, process.capabilities: a runtime should not fail for it). grantable: what this kernel and this process can give.
CapabilityPlan plan_capabilities(const spec::Capabilities& capabilities, std::uint64_t grantable,
                                 std::vector<std::string>& warnings);
// Those up to last_capability (/proc/sys/kernel/cap_last_cap).
std::uint64_t capabilities_up_to(unsigned last_capability) noexcept;

// The actions change the calling thread and throw Error{Kernel} when a call fails.

// Drops every capability up to last_capability (/proc/sys/kernel/cap_last_cap) that keep does not name; `current` is the
// bounding set of the caller if known (CapBnd), so that what is gone already costs no call. man 2 PR_CAPBSET_DROP
void drop_bounding(std::uint64_t keep, unsigned last_capability, std::uint64_t current = ~std::uint64_t{0});
void keep_capabilities_over_setuid();  // PR_SET_KEEPCAPS; execve clears it
// Clears keepcaps, sets permitted, effective and inheritable, then rebuilds the ambient set, which both must allow.
void apply_after_setuid(const CapabilityPlan& plan);
// Makes the permitted set inheritable and ambient, so that a program that is executed without privileges of its own has it.
void keep_permitted_over_execve();

}  // namespace caisson::security
