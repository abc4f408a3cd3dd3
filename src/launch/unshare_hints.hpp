// Why the kernel refused a step of unshare, as advice: looked up after the failure, from the settings of this machine. Empty
// where nothing better than the errno is known.
#pragma once

#include <string>

#include "plan/unshare_plan.hpp"

namespace caisson::launch {

std::string unshare_hint(const plan::UnsharePlan& plan, int errno_value);
std::string fork_hint(int errno_value);
std::string proc_hint(const plan::UnsharePlan& plan, int errno_value);
std::string map_hint(const plan::UnsharePlan& plan, std::string_view file, int errno_value);
std::string setgroups_hint(const plan::UnsharePlan& plan, int errno_value);
std::string setgid_hint(const plan::UnsharePlan& plan, int errno_value);
std::string setuid_hint(const plan::UnsharePlan& plan, int errno_value);
std::string file_hint(const plan::UnsharePlan& plan, const plan::NamespaceFile& file, int errno_value);

}  // namespace caisson::launch
