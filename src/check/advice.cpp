#include "check/advice.hpp"

#include <linux/capability.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "check/surroundings.hpp"

namespace caisson::check {
namespace {

// Package of a program by family; the first entry is what most of them call it.
struct Package {
  std::string_view tool, usual;
  std::pair<Family, std::string_view> other[4];
};
constexpr Package kPackages[] = {
    {"ip", "iproute2", {{Family::Fedora, "iproute"}, {Family::Rhel, "iproute"}}},
    {"nft", "nftables", {}},
    {"iptables", "iptables", {{Family::Fedora, "iptables-nft"}, {Family::Rhel, "iptables-nft"}}},
    {"pasta", "passt", {}},
    {"slirp4netns", "slirp4netns", {}},
    {"criu", "criu", {}},
    {"skopeo", "skopeo", {}},
    {"newuidmap",
     "uidmap",
     {{Family::Fedora, "shadow-utils"},
      {Family::Rhel, "shadow-utils"},
      {Family::Arch, "shadow"},
      {Family::Alpine, "shadow-uidmap"}}},
};

std::string_view package_of(Family family, std::string_view tool) {
  if (family == Family::Suse && tool == "newuidmap") return "shadow";
  for (const Package& package : kPackages) {
    if (package.tool != tool) continue;
    for (const auto& [where, name] : package.other)
      if (where == family && !name.empty()) return name;
    return package.usual;
  }
  return tool;
}

bool forbidden(const Attempt& attempt) { return attempt.error == EPERM || attempt.error == EACCES; }

bool apparmor_restricts(const Measured& measured) { return measured.switches.apparmor_restrict.value_or(0) != 0; }

std::string apparmor_why() {
  return "AppArmor takes all capabilities away in user namespaces of ordinary users "
         "(kernel.apparmor_restrict_unprivileged_userns=1)";
}

// Also what a filter gives that knows no answer but "no such call".
bool by_filter(const Measured& measured, const Attempt& attempt) {
  return measured.caller.seccomp_filtered && (attempt.signal != 0 || attempt.error == ENOSYS || forbidden(attempt));
}

std::string selinux_rule() { return "ausearch -m avc -ts recent | audit2allow -M caisson && semodule -i caisson.pp"; }

std::string limit_why(const Measured& measured, ns::Type type) {
  const auto& most = measured.limits[static_cast<std::size_t>(type)].most;
  const std::string key = text::join("user.max_", ns::kind_of(type).proc, "_namespaces");
  if (most == std::uint64_t{0}) return text::join("turned off by sysctl ", key, "=0");
  return text::join("the limit ", key, most ? text::join(" (", *most, ")") : std::string(),
                    " is reached, here or in an outer user namespace");
}

std::string raise_limit(const Measured& measured, ns::Type type) {
  const std::uint64_t most = measured.limits[static_cast<std::size_t>(type)].most.value_or(0);
  return set_sysctl(measured, text::join("user.max_", ns::kind_of(type).proc, "_namespaces"), most < 7500 ? 15000 : most * 2);
}

}  // namespace

std::string words_of(const Attempt& attempt) {
  if (attempt.signal != 0) return text::join("ended by signal ", attempt.signal);
  const std::string_view name = errno_name(attempt.error);
  return text::join(errno_text(attempt.error), name.empty() ? "" : " (", name, name.empty() ? "" : ")");
}

Judgement missing(const Attempt& attempt, std::string why, std::string turn_on) {
  return {.state = State::Missing, .value = std::move(why), .turn_on = std::move(turn_on), .error = attempt.error};
}

std::string on_host(const Measured& measured, std::string command) {
  return measured.outer == Outer::None ? command : "on the host: " + command;
}

std::string set_sysctl(const Measured& measured, std::string_view key, std::uint64_t value) {
  return on_host(measured, text::join("sysctl -w ", key, '=', value));
}

std::string load_module(const Measured& measured, std::string_view module) {
  return on_host(measured, text::join("modprobe ", module));
}

std::string kernel_with(std::string_view option) { return text::join("boot a kernel with ", option, "=y"); }
std::string newer_kernel(std::string_view version) { return text::join("boot Linux ", version, " or later"); }

std::string install(Family family, std::string_view tool) {
  const std::string_view package = package_of(family, tool);
  switch (family) {
    case Family::Debian:
    case Family::Ubuntu:
      return text::join("apt-get install ", package);
    case Family::Fedora:
    case Family::Rhel:
      return text::join("dnf install ", package);
    case Family::Arch:
      return text::join("pacman -S ", package);
    case Family::Alpine:
      return text::join("apk add ", package);
    case Family::Suse:
      return text::join("zypper install ", package);
    case Family::Other:
      break;
  }
  return text::join("install ", tool, " (Debian: package ", package_of(Family::Debian, tool), ")");
}

std::string nest_rootless(Outer outer) {
  switch (outer) {
    case Outer::Docker:
      return "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt "
             "systempaths=unconfined";
    case Outer::Podman:
      return "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL";
    case Outer::Kubernetes:
      return "securityContext: {seccompProfile: {type: Unconfined}, procMount: Unmasked}";
    case Outer::Lxc:
      return "lxc.include = /usr/share/lxc/config/nesting.conf";
    case Outer::None:
    case Outer::Other:
      break;
  }
  return "start it without the seccomp filter (of a systemd unit: RestrictNamespaces=no and no SystemCallFilter=)";
}

std::string nest_rootful(Outer outer) {
  switch (outer) {
    case Outer::Docker:
      return "docker run --privileged";
    case Outer::Podman:
      return "podman run --privileged";
    case Outer::Kubernetes:
      return "securityContext: {privileged: true}";
    case Outer::Lxc:
      return "lxc.include = /usr/share/lxc/config/nesting.conf";
    case Outer::None:
    case Outer::Other:
      break;
  }
  return "start it with all capabilities (of a systemd unit: no CapabilityBoundingSet=)";
}

std::string_view kernel_option(ns::Type type) noexcept {
  static constexpr std::array<std::string_view, ns::kKinds.size()> kOptions{
      "CONFIG_USER_NS", "CONFIG_PID_NS",     "CONFIG_IPC_NS",  "CONFIG_UTS_NS",
      "CONFIG_NET_NS",  "CONFIG_NAMESPACES", "CONFIG_CGROUPS", "CONFIG_TIME_NS"};
  return kOptions[static_cast<std::size_t>(type)];
}

bool seems_chrooted(const Measured& measured) {
  const host::UserNamespaceSwitches& switches = measured.switches;
  const bool explained = measured.caller.seccomp_filtered || measured.security.selinux_enforcing ||
                         apparmor_restricts(measured) ||
                         (measured.caller.uid != 0 && switches.unprivileged_clone == std::uint64_t{0});
  return measured.caller.chrooted || (measured.trials.alone[Trial::UserNamespace].error == EPERM && !explained);
}

Judgement judge_user_namespace(const Measured& measured, const Attempt& attempt, bool ordinary) {
  if (attempt.works()) return {};
  const auto say = [&](std::string why, std::string turn_on) { return missing(attempt, std::move(why), std::move(turn_on)); };
  if (!attempt.failed()) return {.state = State::NotTried, .value = "could not be tried"};
  if (measured.switches.max_user_namespaces == std::uint64_t{0} || attempt.error == ENOSPC)
    return say(limit_why(measured, ns::Type::User), raise_limit(measured, ns::Type::User));
  if (attempt.error == EUSERS) return say("32 user namespaces are in each other already", "run it fewer levels deep");
  if (attempt.error == EINVAL)
    return say(text::join("the kernel has none: ", words_of(attempt)), kernel_with("CONFIG_USER_NS"));
  if (ordinary && forbidden(attempt) && measured.switches.unprivileged_clone == std::uint64_t{0})
    return say("for root only by sysctl kernel.unprivileged_userns_clone=0",
               set_sysctl(measured, "kernel.unprivileged_userns_clone", 1));
  if (attempt.error == EPERM && seems_chrooted(measured))
    return say("forbidden inside a chroot", "run it outside of the chroot, or enter that directory by pivot_root");
  if (by_filter(measured, attempt))
    return say(text::join("a seccomp filter forbids it: ", words_of(attempt)), nest_rootless(measured.outer));
  if (attempt.error == EACCES && measured.security.selinux_enforcing)
    return say(text::join("SELinux forbids it: ", words_of(attempt)), on_host(measured, selinux_rule()));
  if (ordinary && forbidden(attempt) && apparmor_restricts(measured))
    return say(apparmor_why(), set_sysctl(measured, "kernel.apparmor_restrict_unprivileged_userns", 0));
  return say(words_of(attempt), measured.outer == Outer::None ? std::string() : nest_rootless(measured.outer));
}

Judgement judge_inside(const Measured& measured, const Attempt& attempt) {
  if (attempt.works()) return {};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "needs a user namespace"};
  if (forbidden(attempt) && apparmor_restricts(measured))
    return missing(attempt, apparmor_why(), set_sysctl(measured, "kernel.apparmor_restrict_unprivileged_userns", 0));
  if (by_filter(measured, attempt))
    return missing(attempt, text::join("a seccomp filter forbids it: ", words_of(attempt)), nest_rootless(measured.outer));
  if (attempt.error == EACCES && measured.security.selinux_enforcing)
    return missing(attempt, text::join("SELinux forbids it: ", words_of(attempt)), on_host(measured, selinux_rule()));
  return missing(attempt, words_of(attempt), measured.outer == Outer::None ? std::string() : nest_rootless(measured.outer));
}

Judgement judge_as_root(const Measured& measured, const Attempt& attempt) {
  if (attempt.works()) return {};
  if (measured.caller.uid != 0) return {.state = State::NotTried, .value = "needs root", .turn_on = {}, .error = attempt.error};
  if (!attempt.failed()) return {.state = State::NotTried, .value = "needs a mount namespace"};
  if (forbidden(attempt) && !measured.caller.has(CAP_SYS_ADMIN))
    return missing(attempt, "this is root without CAP_SYS_ADMIN", nest_rootful(measured.outer));
  if (by_filter(measured, attempt))
    return missing(attempt, text::join("a seccomp filter forbids it: ", words_of(attempt)),
                   measured.outer == Outer::None ? nest_rootless(measured.outer) : nest_rootful(measured.outer));
  return missing(attempt, words_of(attempt), measured.outer == Outer::None ? std::string() : nest_rootful(measured.outer));
}

Judgement judge_kind(const Measured& measured, const Attempt& attempt, ns::Type type, bool in_user) {
  if (attempt.error == ENOSPC) return missing(attempt, limit_why(measured, type), raise_limit(measured, type));
  if (attempt.error == EINVAL) {
    const std::string_view option = kernel_option(type);
    const std::string set = config_value(measured.config, option);
    return missing(attempt,
                   text::join("the kernel has none: ", set == "n" ? text::join(option, " is not set") : words_of(attempt)),
                   kernel_with(option));
  }
  return in_user ? judge_inside(measured, attempt) : judge_as_root(measured, attempt);
}

}  // namespace caisson::check
