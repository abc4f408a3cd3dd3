// The members of "linux.resources", each listed once for reading and writing (json/fields.hpp).
#pragma once

#include "json/fields.hpp"
#include "spec/vocabulary.hpp"

namespace caisson::spec {

template <class Fields, json::same_struct<DeviceRule> D>
void visit_fields(Fields& fields, D& rule) {
  fields.required("allow", rule.allow);
  fields.unless("type", rule.type, DeviceType::All);
  fields.optional("major", rule.major);
  fields.optional("minor", rule.minor);
  fields.optional("access", rule.access);
}

template <class Fields, json::same_struct<MemoryLimits> M>
void visit_fields(Fields& fields, M& memory) {
  fields.optional("limit", memory.limit);
  fields.optional("reservation", memory.reservation);
  fields.optional("swap", memory.swap);
  fields.optional("kernel", memory.kernel);
  fields.optional("kernelTCP", memory.kernel_tcp);
  fields.optional("swappiness", memory.swappiness);
  fields.optional("disableOOMKiller", memory.disable_oom_killer);
  fields.optional("useHierarchy", memory.use_hierarchy);
  fields.optional("checkBeforeUpdate", memory.check_before_update);
}

template <class Fields, json::same_struct<CpuLimits> C>
void visit_fields(Fields& fields, C& cpu) {
  fields.optional("shares", cpu.shares);
  fields.optional("quota", cpu.quota);
  fields.optional("burst", cpu.burst);
  fields.optional("period", cpu.period);
  fields.optional("realtimeRuntime", cpu.realtime_runtime);
  fields.optional("realtimePeriod", cpu.realtime_period);
  fields.optional("cpus", cpu.cpus);
  fields.optional("mems", cpu.mems);
  fields.optional("idle", cpu.idle);
}

template <class Fields, json::same_struct<WeightDevice> W>
void visit_fields(Fields& fields, W& device) {
  fields.required("major", device.major);
  fields.required("minor", device.minor);
  fields.optional("weight", device.weight);
  fields.optional("leafWeight", device.leaf_weight);
}

template <class Fields, json::same_struct<ThrottleDevice> T>
void visit_fields(Fields& fields, T& device) {
  fields.required("major", device.major);
  fields.required("minor", device.minor);
  fields.required("rate", device.rate);
}

template <class Fields, json::same_struct<BlockIoLimits> B>
void visit_fields(Fields& fields, B& block_io) {
  fields.optional("weight", block_io.weight);
  fields.optional("leafWeight", block_io.leaf_weight);
  fields.optional("weightDevice", block_io.weight_device);
  fields.optional("throttleReadBpsDevice", block_io.throttle_read_bps);
  fields.optional("throttleWriteBpsDevice", block_io.throttle_write_bps);
  fields.optional("throttleReadIOPSDevice", block_io.throttle_read_iops);
  fields.optional("throttleWriteIOPSDevice", block_io.throttle_write_iops);
}

template <class Fields, json::same_struct<HugepageLimit> H>
void visit_fields(Fields& fields, H& limit) {
  fields.required("pageSize", limit.page_size);
  fields.required("limit", limit.limit);
}

template <class Fields, json::same_struct<InterfacePriority> I>
void visit_fields(Fields& fields, I& priority) {
  fields.required("name", priority.name);
  fields.required("priority", priority.priority);
}

template <class Fields, json::same_struct<NetworkLimits> N>
void visit_fields(Fields& fields, N& network) {
  fields.optional("classID", network.class_id);
  fields.optional("priorities", network.priorities);
}

template <class Fields, json::same_struct<RdmaLimit> R>
void visit_fields(Fields& fields, R& limit) {
  fields.optional("hcaHandles", limit.hca_handles);
  fields.optional("hcaObjects", limit.hca_objects);
}

template <class Fields, json::same_struct<Resources> R>
void visit_fields(Fields& fields, R& resources) {
  fields.optional("devices", resources.devices);
  fields.optional("memory", resources.memory);
  fields.optional("cpu", resources.cpu);
  fields.group("pids", resources.pids_limit.has_value(), [&](auto& pids) { pids.optional("limit", resources.pids_limit); });
  fields.optional("blockIO", resources.block_io);
  fields.optional("hugepageLimits", resources.hugepage_limits);
  fields.optional("network", resources.network);
  fields.optional("rdma", resources.rdma);
  fields.optional("unified", resources.unified);
}

}  // namespace caisson::spec
