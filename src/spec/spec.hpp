// The OCI runtime configuration (runtime-spec 1.3.0, config.md, config-linux.md) as plain values, one to one with the JSON
// names in snake_case. optional only where absent differs from empty. No methods and no system calls; reading is
// read_config.hpp, checks are validate.hpp. Platforms other than Linux are not kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace caisson::spec {

inline constexpr const char* kSpecVersion = "1.3.0";

struct IdMapping {
  std::uint32_t container_id = 0, host_id = 0, size = 0;
};

struct Root {
  std::string path;
  bool readonly = false;
};

struct Mount {
  std::string destination, type, source;
  std::vector<std::string> options;
  std::vector<IdMapping> uid_mappings, gid_mappings;
};

struct User {
  std::uint32_t uid = 0, gid = 0;
  std::optional<std::uint32_t> umask;
  std::vector<std::uint32_t> additional_gids;
};

struct BoxSize {
  std::uint32_t height = 0, width = 0;
};

// Names as written ("CAP_CHOWN"); absent `capabilities` is std::nullopt on Process.
struct Capabilities {
  std::vector<std::string> bounding, effective, inheritable, permitted, ambient;
};

struct Rlimit {
  std::string type;  // "RLIMIT_NOFILE"
  std::uint64_t hard = 0, soft = 0;
};

struct Scheduler {
  std::string policy;  // "SCHED_OTHER", ...
  std::int32_t nice = 0, priority = 0;
  std::vector<std::string> flags;
  std::uint64_t runtime = 0, deadline = 0, period = 0;  // nanoseconds
};

struct IoPriority {
  std::string io_class;  // JSON "class": "IOPRIO_CLASS_BE", ...
  std::int32_t priority = 0;
};

struct ExecCpuAffinity {
  std::string initial, final;  // CPU lists, "0-3,7"
};

struct Process {
  bool terminal = false;
  std::optional<BoxSize> console_size;
  User user;
  std::vector<std::string> args;
  std::vector<std::string> env;
  std::string cwd;
  std::optional<Capabilities> capabilities;
  std::vector<Rlimit> rlimits;
  bool no_new_privileges = false;
  std::string apparmor_profile, selinux_label;
  std::optional<std::int32_t> oom_score_adj;
  std::optional<Scheduler> scheduler;
  std::optional<IoPriority> io_priority;
  std::optional<ExecCpuAffinity> exec_cpu_affinity;
};

struct Hook {
  std::string path;
  std::vector<std::string> args;
  std::optional<std::vector<std::string>> env;  // absent: that of whoever runs it
  std::optional<std::int64_t> timeout;          // seconds
};

struct Hooks {
  std::vector<Hook> prestart, create_runtime, create_container, start_container, poststart, poststop;
};

// JSON linux.namespaces[].type; the table of ns/kinds.hpp has their kernel names and flags.
enum class NamespaceType : std::uint8_t { User, Pid, Ipc, Uts, Network, Mount, Cgroup, Time };

struct Namespace {
  NamespaceType type = NamespaceType::Mount;
  std::string path;  // empty: a new one
};

enum class DeviceType : char { Char = 'c', Block = 'b', Unbuffered = 'u', Fifo = 'p', All = 'a' };

struct Device {
  DeviceType type = DeviceType::Char;
  std::string path;
  std::int64_t major = 0, minor = 0;
  std::optional<std::uint32_t> file_mode, uid, gid;
};

struct NetDevice {
  std::string name;  // the new name inside; empty keeps the host's
};

struct DeviceRule {
  bool allow = false;
  DeviceType type = DeviceType::All;
  std::optional<std::int64_t> major, minor;  // absent: any
  std::string access;                        // subset of "rwm"; empty means all three
};

struct CpuLimits {
  std::optional<std::uint64_t> shares, period, realtime_period, burst;
  std::optional<std::int64_t> quota, realtime_runtime, idle;
  std::string cpus, mems;
};
struct MemoryLimits {
  std::optional<std::int64_t> limit, reservation, swap, kernel, kernel_tcp;
  std::optional<std::uint64_t> swappiness;
  std::optional<bool> disable_oom_killer, use_hierarchy, check_before_update;
};
struct WeightDevice {
  std::int64_t major = 0, minor = 0;
  std::optional<std::uint16_t> weight, leaf_weight;
};
struct ThrottleDevice {
  std::int64_t major = 0, minor = 0;
  std::uint64_t rate = 0;
};
struct BlockIoLimits {
  std::optional<std::uint16_t> weight, leaf_weight;
  std::vector<WeightDevice> weight_device;
  std::vector<ThrottleDevice> throttle_read_bps, throttle_write_bps, throttle_read_iops, throttle_write_iops;
};
struct HugepageLimit {
  std::string page_size;
  std::uint64_t limit = 0;
};
struct InterfacePriority {
  std::string name;
  std::uint32_t priority = 0;
};
struct NetworkLimits {
  std::optional<std::uint32_t> class_id;
  std::vector<InterfacePriority> priorities;
};
struct RdmaLimit {
  std::optional<std::uint32_t> hca_handles, hca_objects;
};

struct Resources {
  std::vector<DeviceRule> devices;
  std::optional<MemoryLimits> memory;
  std::optional<CpuLimits> cpu;
  std::optional<std::int64_t> pids_limit;  // JSON pids.limit
  std::optional<BlockIoLimits> block_io;
  std::vector<HugepageLimit> hugepage_limits;
  std::optional<NetworkLimits> network;
  std::map<std::string, RdmaLimit> rdma;
  std::map<std::string, std::string> unified;
};

enum class SeccompAction : std::uint8_t { KillThread, KillProcess, Trap, Errno, Trace, Allow, Log, Notify };
enum class SeccompOperator : std::uint8_t { NotEqual, Less, LessOrEqual, Equal, GreaterOrEqual, Greater, MaskedEqual };

struct SeccompArg {
  std::uint32_t index = 0;
  std::uint64_t value = 0, value_two = 0;
  SeccompOperator op = SeccompOperator::Equal;
};

struct SeccompRule {
  std::vector<std::string> names;
  SeccompAction action = SeccompAction::Allow;
  std::optional<std::uint32_t> errno_ret;
  std::vector<SeccompArg> args;
};

struct Seccomp {
  SeccompAction default_action = SeccompAction::Allow;
  std::optional<std::uint32_t> default_errno_ret;
  std::vector<std::string> architectures;         // "SCMP_ARCH_X86_64"
  std::optional<std::vector<std::string>> flags;  // absent: SPEC_ALLOW where supported; empty: none
  std::string listener_path, listener_metadata;
  std::vector<SeccompRule> syscalls;
};

struct IntelRdt {
  std::string clos_id, l3_cache_schema, mem_bw_schema;
  std::vector<std::string> schemata;
  bool enable_monitoring = false;
};

struct MemoryPolicy {
  std::string mode, nodes;
  std::vector<std::string> flags;
};

struct Personality {
  std::string domain;  // "LINUX" or "LINUX32"
  std::vector<std::string> flags;
};

struct TimeOffset {
  std::int64_t secs = 0;
  std::uint32_t nanosecs = 0;
};

struct Linux {
  std::vector<Namespace> namespaces;
  std::vector<IdMapping> uid_mappings, gid_mappings;
  std::map<std::string, TimeOffset> time_offsets;  // "monotonic", "boottime"
  std::vector<Device> devices;
  std::map<std::string, NetDevice> net_devices;
  std::string cgroups_path;
  std::optional<Resources> resources;
  std::optional<IntelRdt> intel_rdt;
  std::optional<MemoryPolicy> memory_policy;
  std::map<std::string, std::string> sysctl;
  std::optional<Seccomp> seccomp;
  std::string rootfs_propagation;
  std::vector<std::string> masked_paths, readonly_paths;
  std::string mount_label;
  std::optional<Personality> personality;
};

struct Spec {
  std::string oci_version;
  std::optional<Root> root;
  std::vector<Mount> mounts;
  std::optional<Process> process;
  std::string hostname, domainname;
  Hooks hooks;
  std::map<std::string, std::string> annotations;
  std::optional<Linux> linux_;  // JSON "linux"; the name is a macro in GNU dialects
};

}  // namespace caisson::spec
