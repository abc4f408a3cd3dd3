// The checks of the top level: version, root, mounts, names, hooks, annotations.
#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "spec/check_rules.hpp"
#include "spec/checks.hpp"

namespace caisson::spec {
namespace {

constexpr std::size_t kMaxNodeName = 64;  // __NEW_UTS_LEN

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

bool are_words(std::string_view dotted) {
  const auto parts = text::split(dotted, '.');
  return !parts.empty() && std::ranges::all_of(parts, is_word);
}

// major.minor.patch[-pre.release][+build] (semver.org, 2.0.0).
bool is_semver(std::string_view version) {
  const std::size_t plus = version.find('+');
  if (plus != std::string_view::npos && !are_words(version.substr(plus + 1))) return false;
  version = version.substr(0, plus);
  const std::size_t dash = version.find('-');
  if (dash != std::string_view::npos && !are_words(version.substr(dash + 1))) return false;
  const auto numbers = text::split(version.substr(0, dash), '.');
  return numbers.size() == 3 && std::ranges::all_of(numbers, [](std::string_view number) {
           return text::parse_number<std::uint32_t>(number) && (number == "0" || number.front() != '0');
         });
}

void check_node_name(const Spec& spec, std::string_view name, const JsonPath& path) {
  if (name.empty()) return;
  if (name.size() > kMaxNodeName) refuse(path, text::join(name.size(), " bytes, more than the 64 that the kernel takes"));
  if (find_namespace(spec, NamespaceType::Uts) == nullptr) {
    refuse(path, "needs a uts namespace, or it would change the host", "add {\"type\": \"uts\"} to linux.namespaces");
  }
}

struct HookList {
  std::string_view name;
  const std::vector<Hook>& hooks;
};

void check_hook(const Hook& hook, const JsonPath& path) {
  if (hook.path.empty()) refuse(child_path(path, "path"), "missing");
  require_absolute(hook.path, child_path(path, "path"));
  if (hook.env) require_environment(*hook.env, child_path(path, "env"));
  if (hook.timeout && *hook.timeout <= 0) {
    refuse(child_path(path, "timeout"), text::join(*hook.timeout, " is not a number of seconds greater than 0"));
  }
}

}  // namespace

void check_version(const Spec& spec) {
  if (spec.oci_version.empty()) refuse("ociVersion", "missing", "write the version of the runtime specification, like 1.2.0");
  if (!is_semver(spec.oci_version)) {
    refuse("ociVersion", text::join(text::quoted(spec.oci_version), " is not a version"), "write it as 1.2.0");
  }
  if (!spec.oci_version.starts_with("1.")) {
    refuse("ociVersion", text::join("version ", spec.oci_version, " of the runtime specification is not supported"),
           "every 1.x version is supported");
  }
}

void check_root(const Spec& spec) {
  if (!spec.root || spec.root->path.empty()) {
    refuse("root.path", "missing", "name the directory of the container's root filesystem, relative to the bundle");
  }
}

void check_mounts(const Spec& spec) {
  for (std::size_t i = 0; i < spec.mounts.size(); ++i) {
    const Mount& mount = spec.mounts[i];
    const JsonPath path = child_path("mounts", i);
    if (mount.destination.empty()) refuse(child_path(path, "destination"), "missing");
    if (mount.uid_mappings.empty() != mount.gid_mappings.empty()) {
      refuse(child_path(path, mount.uid_mappings.empty() ? "uidMappings" : "gidMappings"), "missing",
             "a mount has both uidMappings and gidMappings or neither");
    }
    require_id_map(mount.uid_mappings, child_path(path, "uidMappings"));
    require_id_map(mount.gid_mappings, child_path(path, "gidMappings"));
  }
}

void check_mount_namespace(const Spec& spec) {
  if (find_namespace(spec, NamespaceType::Mount) != nullptr) return;
  struct Member {
    std::string_view path;
    bool given;
  };
  const Member members[] = {
      {"mounts", !spec.mounts.empty()},
      {"linux.maskedPaths", spec.linux_ && !spec.linux_->masked_paths.empty()},
      {"linux.readonlyPaths", spec.linux_ && !spec.linux_->readonly_paths.empty()},
  };
  for (const Member& member : members) {
    if (member.given) {
      refuse(member.path, "needs a mount namespace, or it would change the host",
             "add {\"type\": \"mount\"} to linux.namespaces");
    }
  }
}

void check_names(const Spec& spec) {
  check_node_name(spec, spec.hostname, "hostname");
  check_node_name(spec, spec.domainname, "domainname");
}

void check_hooks(const Spec& spec) {
  const HookList lists[] = {
      {"prestart", spec.hooks.prestart},
      {"createRuntime", spec.hooks.create_runtime},
      {"createContainer", spec.hooks.create_container},
      {"startContainer", spec.hooks.start_container},
      {"poststart", spec.hooks.poststart},
      {"poststop", spec.hooks.poststop},
  };
  for (const HookList& list : lists) {
    for (std::size_t i = 0; i < list.hooks.size(); ++i) {
      check_hook(list.hooks[i], child_path(child_path("hooks", list.name), i));
    }
  }
}

void check_annotations(const Spec& spec) {
  if (spec.annotations.contains("")) refuse("annotations", "a key is empty");
}

}  // namespace caisson::spec
