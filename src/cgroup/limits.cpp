#include "cgroup/limits.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::cgroup {
namespace {

[[noreturn]] void refuse(std::string_view path) {
  throw Error(ErrorKind::Host,
              text::join("linux.resources.", path, ": limits are not supported by this version of caisson-oci"))
      .with_hint("remove the limit from config.json; only linux.resources.devices is applied by this version");
}

// Zero and -1 are how engines write "no limit" into a fresh cgroup.
template <class Number>
bool limits(const std::optional<Number>& value) {
  return value && *value != 0 && static_cast<std::int64_t>(*value) != -1;
}

struct Check {
  std::string_view path;
  bool is_limit;
};

void refuse_first(std::initializer_list<Check> checks) {
  for (const Check& check : checks)
    if (check.is_limit) refuse(check.path);
}

void refuse_memory(const spec::MemoryLimits& memory) {
  refuse_first({{"memory.limit", limits(memory.limit)},
                {"memory.reservation", limits(memory.reservation)},
                {"memory.swap", limits(memory.swap)},
                {"memory.kernel", limits(memory.kernel)},
                {"memory.kernelTCP", limits(memory.kernel_tcp)},
                {"memory.swappiness", memory.swappiness.has_value()},  // 0 is a real one: never swap
                {"memory.disableOOMKiller", memory.disable_oom_killer.value_or(false)}});
}

// What every group has by itself, and what ctr asks for when nobody asked it.
constexpr std::uint64_t kDefaultShares = 1024;

void refuse_cpu(const spec::CpuLimits& cpu) {
  refuse_first({{"cpu.shares", limits(cpu.shares) && *cpu.shares != kDefaultShares},
                {"cpu.quota", limits(cpu.quota)},
                {"cpu.period", limits(cpu.period)},
                {"cpu.burst", limits(cpu.burst)},
                {"cpu.realtimeRuntime", limits(cpu.realtime_runtime)},
                {"cpu.realtimePeriod", limits(cpu.realtime_period)},
                {"cpu.idle", limits(cpu.idle)},
                {"cpu.cpus", !cpu.cpus.empty()},
                {"cpu.mems", !cpu.mems.empty()}});
}

void refuse_block_io(const spec::BlockIoLimits& io) {
  refuse_first({{"blockIO.weight", io.weight.value_or(0) != 0},
                {"blockIO.leafWeight", io.leaf_weight.value_or(0) != 0},
                {"blockIO.weightDevice[0]", !io.weight_device.empty()},
                {"blockIO.throttleReadBpsDevice[0]", !io.throttle_read_bps.empty()},
                {"blockIO.throttleWriteBpsDevice[0]", !io.throttle_write_bps.empty()},
                {"blockIO.throttleReadIOPSDevice[0]", !io.throttle_read_iops.empty()},
                {"blockIO.throttleWriteIOPSDevice[0]", !io.throttle_write_iops.empty()}});
}

}  // namespace

void refuse_limits(const spec::Resources& resources) {
  if (resources.memory) refuse_memory(*resources.memory);
  if (resources.cpu) refuse_cpu(*resources.cpu);
  if (limits(resources.pids_limit)) refuse("pids.limit");
  if (resources.block_io) refuse_block_io(*resources.block_io);
  if (!resources.hugepage_limits.empty()) refuse("hugepageLimits[0]");
  if (resources.network) {
    if (resources.network->class_id.value_or(0) != 0) refuse("network.classID");
    if (!resources.network->priorities.empty()) refuse("network.priorities[0]");
  }
  for (const auto& [device, limit] : resources.rdma)
    if (limit.hca_handles || limit.hca_objects) refuse(text::join("rdma[", text::quoted(device), "]"));
  if (!resources.unified.empty()) refuse(text::join("unified[", text::quoted(resources.unified.begin()->first), "]"));
}

}  // namespace caisson::cgroup
