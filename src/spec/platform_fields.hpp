// The members of "linux" with its smaller objects, each listed once for reading and writing (json/fields.hpp).
#pragma once

#include "json/fields.hpp"
#include "spec/resource_fields.hpp"
#include "spec/seccomp_fields.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {

template <class Fields, json::same_struct<IdMapping> M>
void visit_fields(Fields& fields, M& mapping) {
  fields.required("containerID", mapping.container_id);
  fields.required("hostID", mapping.host_id);
  fields.required("size", mapping.size);
}

template <class Fields, json::same_struct<Namespace> N>
void visit_fields(Fields& fields, N& ns) {
  fields.required("type", ns.type);
  fields.optional("path", ns.path);
}

template <class Fields, json::same_struct<Device> D>
void visit_fields(Fields& fields, D& device) {
  fields.required("path", device.path);
  fields.required("type", device.type);
  fields.always("major", device.major);
  fields.always("minor", device.minor);
  fields.optional("fileMode", device.file_mode);
  fields.optional("uid", device.uid);
  fields.optional("gid", device.gid);
}

template <class Fields, json::same_struct<NetDevice> N>
void visit_fields(Fields& fields, N& device) {
  fields.optional("name", device.name);
}

template <class Fields, json::same_struct<IntelRdt> I>
void visit_fields(Fields& fields, I& rdt) {
  fields.optional("closID", rdt.clos_id);
  fields.optional("schemata", rdt.schemata);
  fields.optional("l3CacheSchema", rdt.l3_cache_schema);
  fields.optional("memBwSchema", rdt.mem_bw_schema);
  fields.optional("enableMonitoring", rdt.enable_monitoring);
}

template <class Fields, json::same_struct<MemoryPolicy> M>
void visit_fields(Fields& fields, M& policy) {
  fields.required("mode", policy.mode);
  fields.optional("nodes", policy.nodes);
  fields.optional("flags", policy.flags);
}

template <class Fields, json::same_struct<Personality> P>
void visit_fields(Fields& fields, P& personality) {
  fields.required("domain", personality.domain);
  fields.optional("flags", personality.flags);
}

template <class Fields, json::same_struct<TimeOffset> T>
void visit_fields(Fields& fields, T& offset) {
  fields.optional("secs", offset.secs);
  fields.optional("nanosecs", offset.nanosecs);
}

template <class Fields, json::same_struct<Linux> L>
void visit_fields(Fields& fields, L& linux_part) {
  fields.optional("uidMappings", linux_part.uid_mappings);
  fields.optional("gidMappings", linux_part.gid_mappings);
  fields.optional("sysctl", linux_part.sysctl);
  fields.optional("resources", linux_part.resources);
  fields.optional("cgroupsPath", linux_part.cgroups_path);
  fields.optional("namespaces", linux_part.namespaces);
  fields.optional("devices", linux_part.devices);
  fields.optional("netDevices", linux_part.net_devices);
  fields.optional("seccomp", linux_part.seccomp);
  fields.optional("rootfsPropagation", linux_part.rootfs_propagation);
  fields.optional("maskedPaths", linux_part.masked_paths);
  fields.optional("readonlyPaths", linux_part.readonly_paths);
  fields.optional("mountLabel", linux_part.mount_label);
  fields.optional("intelRdt", linux_part.intel_rdt);
  fields.optional("memoryPolicy", linux_part.memory_policy);
  fields.optional("personality", linux_part.personality);
  fields.optional("timeOffsets", linux_part.time_offsets);
}

}  // namespace caisson::spec
