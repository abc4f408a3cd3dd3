// What create and exec have in common around their clone: descriptors for the trampoline, security for its orders, errors of
// the clone in words, and the seccomp listener.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "launch/init_context.hpp"
#include "launch/trampoline_image.hpp"
#include "plan/process_plan.hpp"

namespace caisson::launch {

// Descriptors that must survive the execve of the trampoline.
std::vector<sys::BorrowedFd> kept_descriptors(const Channel& channel, const Opened& opened);
// Filter and labels that the trampoline applies last; a filter that was loaded early is left out.
void add_security(TrampolineOrders& orders, const plan::ProcessPlan& plan, const sys::ProcHandle& proc);
// The advice for a clone or unshare that failed; empty where there is none.
std::string clone_hint(int errno_value, bool with_user_namespace);
// Throws; EAGAIN, ENOSPC and EPERM of clone3 mean limits and policies that people can change.
[[noreturn]] void throw_clone_failure(std::string_view what, int errno_value, bool with_user_namespace);
inline constexpr std::string_view kFirstProcess = "the container's first process";
// What the child of create knows when it begins, made by the process that clones it.
struct FirstProcessWishes {
  Begin begin;
  const cgroup::CgroupGuard* groups = nullptr;  // InitContext::groups
  const LaunchOptions& options;
};
InitContext first_process(const plan::Plan& plan, Opened& opened, const Channel& channel, const FirstProcessWishes& wishes);
// number: of the descriptor in that process, as text (pidfd_getfd).
sys::UniqueFd fetch_listener(const sys::Pidfd& process, std::string_view number);

}  // namespace caisson::launch
