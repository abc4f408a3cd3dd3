#include "security/capabilities.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/process.hpp"

namespace caisson::security {

namespace {

constexpr std::array<std::string_view, kCapabilityCount> kNames = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

constexpr std::uint64_t bit(unsigned number) noexcept { return std::uint64_t{1} << number; }

consteval std::uint64_t mask_of(std::initializer_list<std::string_view> names) {
  std::uint64_t mask = 0;
  for (const std::string_view name : names) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) throw "not a capability";
    mask |= bit(static_cast<unsigned>(found - kNames.begin()));
  }
  return mask;
}

std::string listed(std::uint64_t mask) { return text::join_with(capability_names(mask), ", "); }

void require_subset(std::string_view set, std::uint64_t mask, std::string_view of, std::uint64_t allowed) {
  if ((mask & ~allowed) == 0) return;
  throw Error(ErrorKind::Spec,
              text::join("process.capabilities.", set, ": ", listed(mask & ~allowed), " not in process.capabilities.", of))
      .with_hint(
          text::join("The kernel lets a process have a capability in its ", set, " set only if it is in the ", of, " set"));
}

}  // namespace

constinit const std::uint64_t kDockerCapabilities = mask_of(
    {"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
     "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"});
constinit const std::uint64_t kRuncSpecCapabilities = mask_of({"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"});

std::string_view capability_name(unsigned number) noexcept {
  return number < kNames.size() ? kNames[number] : std::string_view{};
}

std::optional<unsigned> capability_number(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<unsigned>(found - kNames.begin());
}

std::optional<unsigned> capability_number_of_user(std::string_view name) {
  std::string upper = text::upper_case(name);
  if (!upper.starts_with("CAP_")) upper.insert(0, "CAP_");
  return capability_number(upper);
}

std::vector<std::string> capability_names(std::uint64_t mask) {
  std::vector<std::string> names;
  for (unsigned number = 0; number < kNames.size(); ++number)
    if ((mask & bit(number)) != 0) names.emplace_back(kNames[number]);
  return names;
}

std::uint64_t capability_mask(const std::vector<std::string>& names, std::vector<std::string>& unknown) {
  std::uint64_t mask = 0;
  for (const std::string& name : names) {
    if (const std::optional<unsigned> number = capability_number(name))
      mask |= bit(*number);
    else if (std::ranges::find(unknown, name) == unknown.end())
      unknown.push_back(name);
  }
  return mask;
}

std::uint64_t capability_mask_of_user(const std::vector<std::string>& names, std::string_view option) {
  std::uint64_t mask = 0;
  for (const std::string& name : names) {
    if (text::upper_case(name) == "ALL") {
      mask = kAllCapabilities;
      continue;
    }
    const std::optional<unsigned> number = capability_number_of_user(name);
    if (!number)
      throw Error(ErrorKind::Usage, text::join(option, ": unknown capability ", text::quoted(name)))
          .with_hint("capabilities are named as in man 7 capabilities, with or without CAP_; ALL means every one");
    mask |= bit(*number);
  }
  return mask;
}

CapabilityPlan plan_capabilities(const spec::Capabilities& capabilities, std::uint64_t grantable,
                                 std::vector<std::string>& warnings) {
  std::vector<std::string> left_out;
  CapabilityPlan plan{.bounding = capability_mask(capabilities.bounding, left_out),
                      .effective = capability_mask(capabilities.effective, left_out),
                      .permitted = capability_mask(capabilities.permitted, left_out),
                      .inheritable = capability_mask(capabilities.inheritable, left_out),
                      .ambient = capability_mask(capabilities.ambient, left_out)};
  const std::uint64_t asked = plan.bounding | plan.effective | plan.permitted | plan.inheritable | plan.ambient;
  for (std::string& name : capability_names(asked & ~grantable)) left_out.push_back(std::move(name));
  if (!left_out.empty())
    warnings.push_back(text::join("ignoring unknown or unavailable capabilities: ", text::join_with(left_out, ", ")));
  for (std::uint64_t* set : {&plan.bounding, &plan.effective, &plan.permitted, &plan.inheritable, &plan.ambient})
    *set &= grantable;
  require_subset("effective", plan.effective, "permitted", plan.permitted);
  require_subset("inheritable", plan.inheritable, "bounding", plan.bounding);
  // The kernel keeps a capability ambient only while it is inheritable, too (man 7 capabilities). `runc spec` of 1.1 writes
  // ambient sets without any inheritable ones, and every runtime runs them without: that is no news to anybody.
  const std::uint64_t possible = plan.permitted & (plan.inheritable == 0 ? ~std::uint64_t{0} : plan.inheritable);
  for (const std::string& name : capability_names(plan.ambient & ~possible))
    warnings.push_back(text::join("can't raise ambient capability ", name, ": it is not both permitted and inheritable"));
  plan.ambient &= plan.permitted & plan.inheritable;
  return plan;
}

std::uint64_t capabilities_up_to(unsigned last_capability) noexcept {
  return last_capability >= 63 ? ~std::uint64_t{0} : bit(last_capability + 1) - 1;
}

void drop_bounding(std::uint64_t keep, unsigned last_capability, std::uint64_t current) {
  for (unsigned number = 0; number <= last_capability && number < 64; ++number)
    if ((keep & bit(number)) == 0 && (current & bit(number)) != 0)
      sys::process_control(PR_CAPBSET_DROP, number).or_throw("drop ", capability_name(number), " from the bounding set");
}

void keep_capabilities_over_setuid() {
  sys::process_control(PR_SET_KEEPCAPS, 1).or_throw("keep capabilities while changing the user");
}

void apply_after_setuid(const CapabilityPlan& plan) {
  sys::process_control(PR_SET_KEEPCAPS, 0).or_throw("stop keeping capabilities over a change of user");
  sys::set_capabilities({.effective = plan.effective, .permitted = plan.permitted, .inheritable = plan.inheritable})
      .or_throw("set the capabilities to ", plan.permitted == 0 ? std::string("none") : listed(plan.permitted));
  sys::process_control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL).or_throw("clear the ambient capabilities");
  for (unsigned number = 0; number < 64; ++number)
    if ((plan.ambient & bit(number)) != 0)
      sys::process_control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)
          .or_throw("raise the ambient capability ", capability_name(number));
}

void keep_permitted_over_execve() {
  sys::CapabilitySets sets = sys::get_capabilities().or_throw("read the capabilities");
  sets.inheritable = sets.permitted;
  sys::set_capabilities(sets).or_throw("make the capabilities inheritable");
  for (unsigned number = 0; number < 64; ++number)
    if ((sets.permitted & bit(number)) != 0)
      sys::process_control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)
          .or_throw("raise the ambient capability ", capability_name(number));
}

}  // namespace caisson::security
