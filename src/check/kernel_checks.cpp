// The version of the kernel, and the kinds of namespace: alone and in a user namespace.
#include <cerrno>

#include "base/text.hpp"
#include "check/advice.hpp"
#include "check/finding.hpp"

namespace caisson::check {
namespace {

constexpr host::KernelVersion kOldest{5, 15};

Judgement version(const Measured& measured) {
  if (measured.kernel >= kOldest) return {.value = text::join(measured.release, " (5.15 or later is needed)")};
  return {.state = State::Missing,
          .value = text::join(measured.release, " is older than 5.15, the oldest that is tested"),
          .turn_on = on_host(measured, newer_kernel("5.15"))};
}

Judgement procfs(const Measured& measured) {
  if (!measured.procfs)
    return {.state = State::Missing, .value = "no procfs is mounted at /proc", .turn_on = "mount -t proc proc /proc"};
  if (measured.proc_covered.empty()) return {.value = "mounted at /proc, nothing hidden"};
  return {.value = text::join("mounted at /proc; parts are hidden by mounts at ", text::join_with(measured.proc_covered, " "))};
}

constexpr Check kKernel[] = {
    {.name = "kernel.version", .title = "Linux", .group = {}, .needed = Needed::Both, .judge = version},
    {.name = "kernel.procfs", .title = "procfs", .group = {}, .needed = Needed::Both, .judge = procfs},
};

template <ns::Type kType>
Judgement alone(const Measured& measured) {
  const Attempt& attempt = measured.trials.alone[trial_of(kType)];
  if constexpr (kType == ns::Type::User) return judge_user_namespace(measured, attempt, measured.caller.uid != 0);
  return judge_kind(measured, attempt, kType, false);
}

template <ns::Type kType>
Judgement in_user(const Measured& measured) {
  const Attempts& attempts = measured.trials.in_user;
  if constexpr (kType != ns::Type::User) return judge_kind(measured, attempts[trial_of(kType)], kType, true);
  const Judgement made = judge_user_namespace(measured, attempts[Trial::UserNamespace], true);
  if (made.state != State::Ok) return made;
  Judgement mapped = judge_inside(measured, attempts[Trial::MapIds]);
  if (mapped.state == State::Missing) mapped.value = text::join("ids cannot be mapped: ", mapped.value);
  return mapped;
}

template <ns::Type kType>
Judgement limit(const Measured& measured) {
  const NamespaceLimit& limit = measured.limits[static_cast<std::size_t>(kType)];
  if (!limit.most) return {.state = State::NotTried, .value = "the kernel names none"};
  const std::string value = text::join(*limit.most, " (", limit.seen, " seen)");
  if (*limit.most != 0 && limit.seen * 10 < *limit.most * 9) return {.value = value};
  return {.state = *limit.most == 0 ? State::Missing : State::Limited,
          .value = value,
          .turn_on = set_sysctl(measured, text::join("user.max_", ns::kind_of(kType).proc, "_namespaces"),
                                *limit.most < 7500 ? 15000 : *limit.most * 2)};
}

Judgement nesting(const Measured& measured) {
  const Trials& trials = measured.trials;
  if (!trials.in_user[Trial::MapIds].works()) return {.state = State::NotTried, .value = "needs a user namespace"};
  const std::string value = text::join(trials.nesting, " user namespaces into each other");
  if (trials.nesting > 1) return {.value = value};
  return {.state = State::Limited,
          .value = text::join(value, ": ", words_of(trials.nesting_end)),
          .turn_on = "run it fewer levels deep",
          .error = trials.nesting_end.error};
}

constexpr std::string_view kAlone = "alone", kInUser = "in a user namespace", kLimits = "limit per user";

template <ns::Type kType>
constexpr Check limit_row(std::string_view name) {
  return {
      .name = name, .title = ns::kind_of(kType).proc, .group = kLimits, .needed = Needed::ForNothing, .judge = limit<kType>};
}
template <ns::Type kType>
constexpr Check alone_row(std::string_view name, Needed needed) {
  return {.name = name, .title = ns::kind_of(kType).proc, .group = kAlone, .needed = needed, .judge = alone<kType>};
}
template <ns::Type kType>
constexpr Check in_user_row(std::string_view name, Needed needed) {
  return {.name = name, .title = ns::kind_of(kType).proc, .group = kInUser, .needed = needed, .judge = in_user<kType>};
}

using enum spec::NamespaceType;
constexpr Check kNamespaces[] = {
    alone_row<User>("namespaces.user", Needed::ForNothing),
    alone_row<Pid>("namespaces.pid", Needed::Rootful),
    alone_row<Ipc>("namespaces.ipc", Needed::Rootful),
    alone_row<Uts>("namespaces.uts", Needed::Rootful),
    alone_row<Network>("namespaces.net", Needed::Rootful),
    alone_row<Mount>("namespaces.mnt", Needed::Rootful),
    alone_row<Cgroup>("namespaces.cgroup", Needed::ForNothing),
    alone_row<Time>("namespaces.time", Needed::ForNothing),
    in_user_row<User>("namespaces.in-user.user", Needed::Rootless),
    in_user_row<Pid>("namespaces.in-user.pid", Needed::Rootless),
    in_user_row<Ipc>("namespaces.in-user.ipc", Needed::Rootless),
    in_user_row<Uts>("namespaces.in-user.uts", Needed::Rootless),
    in_user_row<Network>("namespaces.in-user.net", Needed::Rootless),
    in_user_row<Mount>("namespaces.in-user.mnt", Needed::Rootless),
    in_user_row<Cgroup>("namespaces.in-user.cgroup", Needed::ForNothing),
    in_user_row<Time>("namespaces.in-user.time", Needed::ForNothing),
    limit_row<User>("namespaces.limit.user"),
    limit_row<Pid>("namespaces.limit.pid"),
    limit_row<Ipc>("namespaces.limit.ipc"),
    limit_row<Uts>("namespaces.limit.uts"),
    limit_row<Network>("namespaces.limit.net"),
    limit_row<Mount>("namespaces.limit.mnt"),
    limit_row<Cgroup>("namespaces.limit.cgroup"),
    limit_row<Time>("namespaces.limit.time"),
    {.name = "namespaces.nesting", .title = "nesting", .group = {}, .needed = Needed::ForNothing, .judge = nesting},
};

}  // namespace

std::span<const Check> kernel_checks() noexcept { return kKernel; }
std::span<const Check> namespace_checks() noexcept { return kNamespaces; }

}  // namespace caisson::check
