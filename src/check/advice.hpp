// Why something is missing on the measured machine, and the one command or setting that turns it on there. Pure.
#pragma once

#include <string>
#include <string_view>

#include "check/finding.hpp"

namespace caisson::check {

// "Operation not permitted (EPERM)", "ended by signal 31".
std::string words_of(const Attempt& attempt);
Judgement missing(const Attempt& attempt, std::string why, std::string turn_on);

// A command for the machine: a container cannot change these settings itself.
std::string on_host(const Measured& measured, std::string command);
std::string set_sysctl(const Measured& measured, std::string_view key, std::uint64_t value);
std::string load_module(const Measured& measured, std::string_view module);
std::string kernel_with(std::string_view option);           // "boot a kernel with CONFIG_TIME_NS=y"
std::string newer_kernel(std::string_view version);         // "boot Linux 6.19 or later"
std::string install(Family family, std::string_view tool);  // "apt-get install uidmap"
// How to start the container around this program so that containers run in it; without one, the filter that is in the way.
std::string nest_rootless(Outer outer);
std::string nest_rootful(Outer outer);

// Seen, or the one thing left that can forbid user namespaces: not even root makes one inside a chroot, and from the inside a
// chroot to a mount point looks like any root.
bool seems_chrooted(const Measured& measured);

// Of a trial that failed in the kernel. option: what the kernel has to be built with ("CONFIG_TIME_NS"); a failure that means
// "unknown to this kernel" is told from one that means "forbidden".
Judgement judge_user_namespace(const Measured& measured, const Attempt& attempt, bool ordinary);
Judgement judge_kind(const Measured& measured, const Attempt& attempt, ns::Type type, bool in_user);
// Forbidden inside a user namespace although that could be made: AppArmor, a seccomp filter.
Judgement judge_inside(const Measured& measured, const Attempt& attempt);
// For root's own trials: without the capability there is nothing to be had.
Judgement judge_as_root(const Measured& measured, const Attempt& attempt);
std::string_view kernel_option(ns::Type type) noexcept;

}  // namespace caisson::check
