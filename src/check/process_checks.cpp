// Calls of the kernel that make, name and find processes and namespaces; hardening; what networks and tools there are.
#include <linux/capability.h>

#include <cerrno>

#include "base/text.hpp"
#include "check/advice.hpp"
#include "check/finding.hpp"
#include "check/measure.hpp"
#include "check/surroundings.hpp"

namespace caisson::check {
namespace {

// A call that kernels have from a version on.
Judgement call(const Measured& measured, const Attempt& attempt, host::KernelVersion since) {
  if (attempt.works()) return {};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "needs /proc"};
  if (measured.caller.seccomp_filtered && measured.kernel >= since)
    return missing(attempt, text::join("a seccomp filter forbids it: ", words_of(attempt)), nest_rootless(measured.outer));
  if (measured.kernel >= since) return missing(attempt, words_of(attempt), {});
  const std::string version = text::join(since.major, '.', since.minor);
  return missing(attempt, text::join("came with Linux ", version), newer_kernel(version));
}

template <Attempt Calls::*kCall, unsigned kMajor, unsigned kMinor>
Judgement has_call(const Measured& measured) {
  return call(measured, measured.calls.*kCall, {kMajor, kMinor});
}

template <auto kJudge>
constexpr Check call_row(std::string_view name, std::string_view title, Needed needed = Needed::ForNothing) {
  return {.name = name, .title = title, .group = "calls", .needed = needed, .judge = kJudge};
}

constexpr Check kProcesses[] = {
    call_row<has_call<&Calls::clone3, 5, 3>>("processes.clone3", "clone3", Needed::Both),
    call_row<has_call<&Calls::close_range, 5, 9>>("processes.close_range", "close_range", Needed::Both),
    call_row<has_call<&Calls::openat2, 5, 6>>("processes.openat2", "openat2", Needed::Both),
    call_row<has_call<&Calls::pidfd_open, 5, 3>>("processes.pidfd_open", "pidfd_open", Needed::Both),
    call_row<has_call<&Calls::pidfd_send_signal, 5, 1>>("processes.pidfd_send_signal", "pidfd_send_signal"),
    call_row<has_call<&Calls::pidfd_getfd, 5, 6>>("processes.pidfd_getfd", "pidfd_getfd"),
    call_row<has_call<&Calls::statmount, 6, 8>>("processes.statmount", "statmount"),
    call_row<has_call<&Calls::pidfd_namespace, 6, 11>>("processes.pidfd_namespace", "namespaces of a pidfd"),
    call_row<has_call<&Calls::pidfd_info, 6, 13>>("processes.pidfd_info", "PIDFD_GET_INFO"),
    call_row<has_call<&Calls::namespace_id, 6, 18>>("processes.namespace_id", "ids of namespaces"),
    call_row<has_call<&Calls::namespace_handle, 6, 18>>("processes.namespace_handle", "file handles of namespaces"),
    call_row<has_call<&Calls::listns, 6, 19>>("processes.listns", "listns"),
};

Judgement seccomp(const Measured& measured, const Attempt& attempt) {
  if (attempt.works()) return {};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "needs seccomp filters"};
  const std::string set = config_value(measured.config, "CONFIG_SECCOMP_FILTER");
  return missing(attempt, set == "n" ? "CONFIG_SECCOMP_FILTER is not set" : words_of(attempt),
                 kernel_with("CONFIG_SECCOMP_FILTER"));
}
Judgement seccomp_filter(const Measured& measured) { return seccomp(measured, measured.trials.seccomp_filter); }
Judgement seccomp_listener(const Measured& measured) {
  const Attempt& attempt = measured.trials.seccomp_listener;
  if (attempt.error == EBUSY) return {.state = State::Limited, .value = "an outer filter has a listener already"};
  return seccomp(measured, attempt);
}

Judgement landlock(const Measured& measured) {
  const Attempt& attempt = measured.calls.landlock;
  if (attempt.works()) return {.value = text::join("ABI ", measured.calls.landlock_version)};
  if (attempt.error == EOPNOTSUPP)
    return missing(attempt, "built in, but not turned on",
                   on_host(measured, text::join("boot with the kernel parameter lsm=landlock",
                                                measured.security.modules.empty() ? "" : ",", measured.security.modules)));
  if (config_value(measured.config, "CONFIG_SECURITY_LANDLOCK") == "n")
    return missing(attempt, "CONFIG_SECURITY_LANDLOCK is not set", kernel_with("CONFIG_SECURITY_LANDLOCK"));
  return call(measured, attempt, {5, 13});
}

Judgement modules(const Measured& measured) {
  const Security& security = measured.security;
  if (!security.modules.empty()) return {.value = security.modules};
  std::string known = security.apparmor ? "apparmor" : "";
  if (security.selinux) known += known.empty() ? "selinux" : ",selinux";
  return {.value = known.empty() ? "none is seen (/sys/kernel/security is not mounted)" : known};
}

Judgement resource_capability(const Measured& measured) {
  if (measured.caller.has(CAP_SYS_RESOURCE)) return {.value = "held"};
  if (!measured.caller.real_root()) return {.state = State::NotTried, .value = "for root of the machine only"};
  return {.state = State::Limited,
          .value = "not held: no limit can be raised above its hard limit, no oom score lowered",
          .turn_on = nest_rootful(measured.outer)};
}

Judgement locked_memory(const Measured& measured) {
  constexpr std::uint64_t kEnough = 64 << 10;
  const std::uint64_t bytes = measured.caller.locked_memory;
  if (bytes == ~std::uint64_t{0}) return {.value = "unlimited"};
  const std::string value = text::join(bytes >> 10, " KiB");
  if (bytes >= kEnough || measured.caller.has(CAP_IPC_LOCK)) return {.value = value};
  return {.state = State::Limited, .value = value, .turn_on = "ulimit -l 64"};
}

constexpr Check kSecurity[] = {
    {.name = "security.seccomp", .title = "filters", .group = "seccomp", .needed = Needed::Both, .judge = seccomp_filter},
    {.name = "security.seccomp_notify",
     .title = "user notification",
     .group = "seccomp",
     .needed = Needed::ForNothing,
     .judge = seccomp_listener},
    {.name = "security.landlock", .title = "Landlock", .group = {}, .needed = Needed::ForNothing, .judge = landlock},
    {.name = "security.modules", .title = "security modules", .group = {}, .needed = Needed::ForNothing, .judge = modules},
    {.name = "security.sys_resource",
     .title = "CAP_SYS_RESOURCE",
     .group = {},
     .needed = Needed::ForNothing,
     .judge = resource_capability},
    {.name = "security.locked_memory",
     .title = "locked memory",
     .group = {},
     .needed = Needed::ForNothing,
     .judge = locked_memory},
};

Judgement tun(const Measured& measured) {
  const Attempt& attempt = measured.calls.tun;
  if (attempt.works()) return {.value = "/dev/net/tun can be opened"};
  if (attempt.error == EACCES) return missing(attempt, words_of(attempt), on_host(measured, "chmod 0666 /dev/net/tun"));
  if (config_value(measured.config, "CONFIG_TUN") == "n")
    return missing(attempt, "the kernel has none: CONFIG_TUN is not set", kernel_with("CONFIG_TUN"));
  const bool engine = measured.outer == Outer::Docker || measured.outer == Outer::Podman;
  return missing(attempt, text::join("/dev/net/tun: ", words_of(attempt)),
                 engine ? text::join(outer_name(measured.outer), " run --device /dev/net/tun") : load_module(measured, "tun"));
}

template <std::size_t kTool>
Judgement tool(const Measured& measured) {
  for (const auto& [name, path] : measured.tools)
    if (name == kTools[kTool] && !path.empty()) return {.value = path};
  return {.state = State::Missing,
          .value = "not found",
          .turn_on = install(measured.distribution.family, kTools[kTool]),
          .error = ENOENT};
}

template <std::size_t kTool>
constexpr Check tool_row(std::string_view name) {
  return {.name = name, .title = kTools[kTool], .group = "programs", .needed = Needed::ForNothing, .judge = tool<kTool>};
}

constexpr Check kNetwork[] = {
    {.name = "network.tun", .title = "tun", .group = {}, .needed = Needed::ForNothing, .judge = tun},
    tool_row<0>("network.ip"),
    tool_row<1>("network.nft"),
    tool_row<2>("network.iptables"),
    tool_row<3>("network.pasta"),
    tool_row<4>("network.slirp4netns"),
    tool_row<5>("programs.criu"),
    tool_row<6>("programs.skopeo"),
};

}  // namespace

std::span<const Check> process_checks() noexcept { return kProcesses; }
std::span<const Check> security_checks() noexcept { return kSecurity; }
std::span<const Check> network_checks() noexcept { return kNetwork; }

}  // namespace caisson::check
