// The checks of the smaller members of "linux".
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

constexpr std::int64_t kLastMajor = (1 << 12) - 1, kLastMinor = (1 << 20) - 1;  // MAJOR and MINOR of linux/kdev_t.h

void require_all_absolute(const std::vector<std::string>& paths, const JsonPath& where) {
  for (std::size_t i = 0; i < paths.size(); ++i) require_absolute(paths[i], child_path(where, i));
}

void require_number(std::int64_t number, std::int64_t last, const JsonPath& path) {
  if (number < 0 || number > last) refuse(path, text::join(number, " is out of range 0..", last));
}

bool is_same_node(const Device& a, const Device& b) { return a.type == b.type && a.major == b.major && a.minor == b.minor; }

// Modes for which the kernel refuses a node list, and those for which it refuses an empty one (man 2 set_mempolicy).
constexpr std::array<std::string_view, 2> kModesWithoutNodes{"MPOL_DEFAULT", "MPOL_LOCAL"};
constexpr std::array<std::string_view, 1> kModesWithOptionalNodes{"MPOL_PREFERRED"};

}  // namespace

void check_paths(const Spec& spec) {
  if (!spec.linux_) return;
  require_all_absolute(spec.linux_->masked_paths, "linux.maskedPaths");
  require_all_absolute(spec.linux_->readonly_paths, "linux.readonlyPaths");
}

void check_propagation(const Spec& spec) {
  if (!spec.linux_ || spec.linux_->rootfs_propagation.empty()) return;
  require_known(propagation_modes(), "mount propagation", spec.linux_->rootfs_propagation, "linux.rootfsPropagation");
}

void check_devices(const Spec& spec) {
  if (!spec.linux_) return;
  const auto& devices = spec.linux_->devices;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Device& device = devices[i];
    const JsonPath path = child_path("linux.devices", i);
    if (device.type == DeviceType::All) refuse(child_path(path, "type"), "\"a\" is for rules; a device is c, b, u or p");
    require_absolute(device.path, child_path(path, "path"));
    if (device.type != DeviceType::Fifo) {
      require_number(device.major, kLastMajor, child_path(path, "major"));
      require_number(device.minor, kLastMinor, child_path(path, "minor"));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (devices[j].path == device.path && !is_same_node(devices[j], device)) {
        refuse(child_path(path, "path"),
               text::join(text::quoted(device.path), " is another device in ", child_path("linux.devices", j).text()));
      }
    }
  }
}

void check_cgroups_path(const Spec& spec) {
  if (!spec.linux_) return;
  const std::string& path = spec.linux_->cgroups_path;
  if (std::ranges::count(text::split(path, '/'), "..") != 0) {
    refuse("linux.cgroupsPath", text::join(text::quoted(path), " leaves its place by \"..\""));
  }
  if (path.find('\n') != std::string::npos) refuse("linux.cgroupsPath", "holds a line break");
}

void check_personality(const Spec& spec) {
  if (!spec.linux_ || !spec.linux_->personality) return;
  const Personality& personality = *spec.linux_->personality;
  require_known(personality_domains(), "personality", personality.domain, "linux.personality.domain");
  if (!personality.flags.empty()) {
    refuse("linux.personality.flags[0]", text::join("unknown flag ", text::quoted(personality.flags.front())),
           "the runtime specification defines no flags yet");
  }
}

void check_memory_policy(const Spec& spec) {
  if (!spec.linux_ || !spec.linux_->memory_policy) return;
  const MemoryPolicy& policy = *spec.linux_->memory_policy;
  constexpr std::string_view kPath = "linux.memoryPolicy";
  require_known(memory_policy_modes(), "memory policy", policy.mode, child_path(kPath, "mode"));
  const JsonPath nodes = child_path(kPath, "nodes");
  if (is_known(kModesWithoutNodes, policy.mode)) {
    if (!policy.nodes.empty()) refuse(nodes, text::join("must be empty for ", policy.mode));
  } else if (policy.nodes.empty() && !is_known(kModesWithOptionalNodes, policy.mode)) {
    refuse(nodes, text::join("missing: ", policy.mode, " needs memory nodes"), "write them as \"0-1\"");
  }
  require_number_list(policy.nodes, nodes);
  for (std::size_t i = 0; i < policy.flags.size(); ++i) {
    require_known(memory_policy_flags(), "memory policy flag", policy.flags[i], child_path(child_path(kPath, "flags"), i));
  }
  const auto has = [&](std::string_view flag) { return std::ranges::count(policy.flags, flag) != 0; };
  if (has("MPOL_F_STATIC_NODES") && has("MPOL_F_RELATIVE_NODES")) {
    refuse(child_path(kPath, "flags"), "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other");
  }
}

void check_intel_rdt(const Spec& spec) {
  if (!spec.linux_ || !spec.linux_->intel_rdt) return;
  const std::string& id = spec.linux_->intel_rdt->clos_id;
  if (id == "/") return;  // the default group
  if (id == "." || id == ".." || id.find_first_of("/\n") != std::string::npos) {
    refuse("linux.intelRdt.closID", text::join(text::quoted(id), " is not the name of a directory"));
  }
}

}  // namespace caisson::spec
