// The checks of linux.namespaces and of what needs one: id maps, clock offsets, network devices, sysctls.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "json/names.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"
#include "spec/sysctl_key.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

constexpr std::size_t kMaxInterfaceName = 15;  // IFNAMSIZ without the NUL

void require_interface_name(std::string_view name, const JsonPath& path) {
  const bool good =
      !name.empty() && name.size() <= kMaxInterfaceName && name != "." && name != ".." &&
      std::ranges::none_of(name, [](char c) { return c == '/' || c == ':' || (c >= 0 && c <= ' ') || c == 0x7f; });
  if (!good) {
    refuse(path, text::join(text::quoted(name), " is not the name of a network device"),
           "at most 15 bytes without '/', ':' and spaces");
  }
}

// A sysctl is allowed when a namespace of the container holds its value; everything else would change the host.
struct SysctlRule {
  std::string_view path;  // below /proc/sys; a final '/' makes it a prefix
  NamespaceType needs;
};
constexpr std::array kSysctlRules{
    SysctlRule{"kernel/msgmax", NamespaceType::Ipc},     SysctlRule{"kernel/msgmnb", NamespaceType::Ipc},
    SysctlRule{"kernel/msgmni", NamespaceType::Ipc},     SysctlRule{"kernel/sem", NamespaceType::Ipc},
    SysctlRule{"kernel/shmall", NamespaceType::Ipc},     SysctlRule{"kernel/shmmax", NamespaceType::Ipc},
    SysctlRule{"kernel/shmmni", NamespaceType::Ipc},     SysctlRule{"kernel/shm_rmid_forced", NamespaceType::Ipc},
    SysctlRule{"fs/mqueue/", NamespaceType::Ipc},        SysctlRule{"net/", NamespaceType::Network},
    SysctlRule{"kernel/domainname", NamespaceType::Uts}, SysctlRule{"user/", NamespaceType::User},
};

bool matches(const SysctlRule& rule, std::string_view path) {
  return rule.path.ends_with('/') ? path.starts_with(rule.path) : path == rule.path;
}

void check_one_sysctl(const Spec& spec, const std::string& key, const JsonPath& where) {
  const std::optional<std::string> path = sysctl_path(key);
  if (!path) refuse(where, "is not the name of a sysctl");
  if (*path == "kernel/hostname") refuse(where, "is set by the member \"hostname\"", "use hostname instead of the sysctl");
  const auto rule = std::ranges::find_if(kSysctlRules, [&](const SysctlRule& one) { return matches(one, *path); });
  if (rule == kSysctlRules.end()) {
    refuse(where, "belongs to no namespace, so it would change the host",
           "allowed are net.*, user.*, fs.mqueue.*, kernel.domainname and the System V IPC limits");
  }
  if (find_namespace(spec, rule->needs) == nullptr) {
    const std::string_view type = json::name_of(rule->needs);
    refuse(where, text::join("needs a namespace of type ", type, ", or it would change the host"),
           text::join("add {\"type\": \"", type, "\"} to linux.namespaces"));
  }
}

}  // namespace

void check_namespaces(const Spec& spec) {
  if (!spec.linux_) return;
  const auto& all = spec.linux_->namespaces;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const JsonPath path = child_path("linux.namespaces", i);
    if (std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const Namespace& earlier) { return earlier.type == all[i].type; })) {
      refuse(path, text::join("a second namespace of type ", json::name_of(all[i].type)));
    }
    if (!all[i].path.empty()) require_absolute(all[i].path, child_path(path, "path"));
  }
}

// Maps together with a path are accepted: containerd and CRI-O send both, and the join compares them with the real ones.
void check_id_maps(const Spec& spec) {
  if (!spec.linux_) return;
  const Linux& all = *spec.linux_;
  const Namespace* user = find_namespace(spec, NamespaceType::User);
  const bool no_uids = all.uid_mappings.empty(), no_gids = all.gid_mappings.empty();
  if (user == nullptr && !(no_uids && no_gids)) {
    refuse(no_uids ? "linux.gidMappings" : "linux.uidMappings", "needs a user namespace",
           "add {\"type\": \"user\"} to linux.namespaces");
  }
  const bool is_new = user != nullptr && user->path.empty();
  if (no_uids != no_gids || (is_new && no_uids)) {
    refuse(no_uids ? "linux.uidMappings" : "linux.gidMappings", "missing: a user namespace has maps of users and of groups",
           "map at least one id: [{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]");
  }
  require_id_map(all.uid_mappings, "linux.uidMappings");
  require_id_map(all.gid_mappings, "linux.gidMappings");
}

void check_time_offsets(const Spec& spec) {
  constexpr std::uint32_t kSecond = 1'000'000'000;
  if (!spec.linux_ || spec.linux_->time_offsets.empty()) return;
  const Namespace* time = find_namespace(spec, NamespaceType::Time);
  if (time == nullptr || !time->path.empty()) {
    refuse("linux.timeOffsets",
           time == nullptr ? "needs a time namespace" : "cannot change a time namespace that is joined by its path",
           "add {\"type\": \"time\"} without a path to linux.namespaces");
  }
  for (const auto& [clock, offset] : spec.linux_->time_offsets) {
    const JsonPath path = child_path("linux.timeOffsets", clock);
    require_known(time_offset_clocks(), "clock", clock, path);
    if (offset.nanosecs >= kSecond) {
      refuse(child_path(path, "nanosecs"), text::join(offset.nanosecs, " is out of range 0..999999999"));
    }
  }
}

void check_net_devices(const Spec& spec) {
  if (!spec.linux_ || spec.linux_->net_devices.empty()) return;
  if (find_namespace(spec, NamespaceType::Network) == nullptr) {
    refuse("linux.netDevices", "needs a network namespace to move devices to",
           "add {\"type\": \"network\"} to linux.namespaces");
  }
  for (const auto& [name, device] : spec.linux_->net_devices) {
    const JsonPath path = child_path("linux.netDevices", name);
    require_interface_name(name, path);
    if (!device.name.empty()) require_interface_name(device.name, child_path(path, "name"));
  }
}

void check_sysctl(const Spec& spec) {
  if (!spec.linux_) return;
  for (const auto& [key, value] : spec.linux_->sysctl) {
    check_one_sysctl(spec, key, child_path("linux.sysctl", key));
  }
}

}  // namespace caisson::spec
