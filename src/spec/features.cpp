#include "spec/features.hpp"

#include <algorithm>
#include <span>

#include "json/writer.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {
namespace {

using Words = std::vector<std::string>;

template <class List>
void write_list(json::Writer& out, std::string_view name, const List& words) {
  out.key(name).begin_array();
  for (const auto& word : words) out.string(word);
  out.end_array();
}

// `given`, or all of `known` in the order of their table.
void write_words(json::Writer& out, std::string_view name, const Words& given, std::span<const std::string_view> known) {
  if (given.empty())
    write_list(out, name, known);
  else
    write_list(out, name, given);
}

template <class Enum>
void write_names(json::Writer& out, std::string_view name, const Words& given) {
  Words all;
  for (const auto& entry : json::Names<Enum>::table) all.emplace_back(entry.text);
  std::ranges::sort(all);
  write_list(out, name, given.empty() ? all : given);
}

void write_enabled(json::Writer& out, std::string_view name, bool enabled) {
  out.key(name).begin_object().key("enabled").boolean(enabled).end_object();
}

void write_cgroup(json::Writer& out, const CgroupFeatures& cgroup) {
  out.key("cgroup").begin_object();
  out.key("v1").boolean(cgroup.v1);
  out.key("v2").boolean(cgroup.v2);
  out.key("systemd").boolean(cgroup.systemd);
  out.key("systemdUser").boolean(cgroup.systemd_user);
  out.key("rdma").boolean(cgroup.rdma);
  out.end_object();
}

void write_seccomp(json::Writer& out, const SeccompFeatures& seccomp) {
  out.key("seccomp").begin_object().key("enabled").boolean(seccomp.enabled);
  if (seccomp.enabled) {
    write_names<SeccompAction>(out, "actions", seccomp.actions);
    write_names<SeccompOperator>(out, "operators", seccomp.operators);
    write_words(out, "archs", seccomp.archs, seccomp_architectures());
    write_words(out, "knownFlags", seccomp.known_flags, seccomp_flags());
    write_list(out, "supportedFlags", seccomp.supported_flags);
  }
  out.end_object();
}

void write_intel_rdt(json::Writer& out, const IntelRdtFeatures& rdt) {
  out.key("intelRdt").begin_object();
  out.key("enabled").boolean(rdt.enabled);
  out.key("schemata").boolean(rdt.schemata);
  out.key("enableMonitoring").boolean(rdt.monitoring);
  out.end_object();
}

void write_memory_policy(json::Writer& out, const FeaturesInput& input) {
  if (input.memory_policy_modes.empty() && input.memory_policy_flags.empty()) return;
  out.key("memoryPolicy").begin_object();
  write_list(out, "modes", input.memory_policy_modes);
  write_list(out, "flags", input.memory_policy_flags);
  out.end_object();
}

void write_linux(json::Writer& out, const FeaturesInput& input) {
  out.key("linux").begin_object();
  write_names<NamespaceType>(out, "namespaces", input.namespaces);
  write_words(out, "capabilities", input.capabilities, capability_names());
  write_cgroup(out, input.cgroup);
  write_seccomp(out, input.seccomp);
  write_enabled(out, "apparmor", input.apparmor);
  write_enabled(out, "selinux", input.selinux);
  write_intel_rdt(out, input.intel_rdt);
  write_memory_policy(out, input);
  out.key("mountExtensions").begin_object();
  write_enabled(out, "idmap", input.idmap_mounts);
  out.end_object();
  write_enabled(out, "netDevices", input.net_devices);
  out.end_object();
}

}  // namespace

std::string write_features(const FeaturesInput& input) {
  json::Writer out(json::kFourSpaces);
  out.begin_object();
  out.key("ociVersionMin").string("1.0.0");
  out.key("ociVersionMax").string(kSpecVersion);
  write_words(out, "hooks", input.hooks, hook_names());
  write_list(out, "mountOptions", input.mount_options);
  write_linux(out, input);
  if (!input.annotations.empty()) {
    out.key("annotations").begin_object();
    for (const auto& [name, value] : input.annotations) out.key(name).string(value);
    out.end_object();
  }
  if (!input.potentially_unsafe_config_annotations.empty()) {
    write_list(out, "potentiallyUnsafeConfigAnnotations", input.potentially_unsafe_config_annotations);
  }
  out.end_object();
  return out.take();
}

}  // namespace caisson::spec
