#include "spec/vocabulary.hpp"

#include <algorithm>

namespace caisson::spec {
namespace {

using namespace std::string_view_literals;

// linux/capability.h; the index is the number.
constexpr std::array kCapabilities{
    "CAP_CHOWN"sv,
    "CAP_DAC_OVERRIDE"sv,
    "CAP_DAC_READ_SEARCH"sv,
    "CAP_FOWNER"sv,
    "CAP_FSETID"sv,
    "CAP_KILL"sv,
    "CAP_SETGID"sv,
    "CAP_SETUID"sv,
    "CAP_SETPCAP"sv,
    "CAP_LINUX_IMMUTABLE"sv,
    "CAP_NET_BIND_SERVICE"sv,
    "CAP_NET_BROADCAST"sv,
    "CAP_NET_ADMIN"sv,
    "CAP_NET_RAW"sv,
    "CAP_IPC_LOCK"sv,
    "CAP_IPC_OWNER"sv,
    "CAP_SYS_MODULE"sv,
    "CAP_SYS_RAWIO"sv,
    "CAP_SYS_CHROOT"sv,
    "CAP_SYS_PTRACE"sv,
    "CAP_SYS_PACCT"sv,
    "CAP_SYS_ADMIN"sv,
    "CAP_SYS_BOOT"sv,
    "CAP_SYS_NICE"sv,
    "CAP_SYS_RESOURCE"sv,
    "CAP_SYS_TIME"sv,
    "CAP_SYS_TTY_CONFIG"sv,
    "CAP_MKNOD"sv,
    "CAP_LEASE"sv,
    "CAP_AUDIT_WRITE"sv,
    "CAP_AUDIT_CONTROL"sv,
    "CAP_SETFCAP"sv,
    "CAP_MAC_OVERRIDE"sv,
    "CAP_MAC_ADMIN"sv,
    "CAP_SYSLOG"sv,
    "CAP_WAKE_ALARM"sv,
    "CAP_BLOCK_SUSPEND"sv,
    "CAP_AUDIT_READ"sv,
    "CAP_PERFMON"sv,
    "CAP_BPF"sv,
    "CAP_CHECKPOINT_RESTORE"sv,
};
static_assert(kCapabilities.size() == 41 && kCapabilities[21] == "CAP_SYS_ADMIN" && kCapabilities[31] == "CAP_SETFCAP");

constexpr std::array kRlimits{
    "RLIMIT_AS"sv,      "RLIMIT_CORE"sv,     "RLIMIT_CPU"sv,        "RLIMIT_DATA"sv,   "RLIMIT_FSIZE"sv, "RLIMIT_LOCKS"sv,
    "RLIMIT_MEMLOCK"sv, "RLIMIT_MSGQUEUE"sv, "RLIMIT_NICE"sv,       "RLIMIT_NOFILE"sv, "RLIMIT_NPROC"sv, "RLIMIT_RSS"sv,
    "RLIMIT_RTPRIO"sv,  "RLIMIT_RTTIME"sv,   "RLIMIT_SIGPENDING"sv, "RLIMIT_STACK"sv,
};

constexpr std::array kArchitectures{
    "SCMP_ARCH_X86"sv,         "SCMP_ARCH_X86_64"sv, "SCMP_ARCH_X32"sv,       "SCMP_ARCH_ARM"sv,     "SCMP_ARCH_AARCH64"sv,
    "SCMP_ARCH_MIPS"sv,        "SCMP_ARCH_MIPS64"sv, "SCMP_ARCH_MIPS64N32"sv, "SCMP_ARCH_MIPSEL"sv,  "SCMP_ARCH_MIPSEL64"sv,
    "SCMP_ARCH_MIPSEL64N32"sv, "SCMP_ARCH_PPC"sv,    "SCMP_ARCH_PPC64"sv,     "SCMP_ARCH_PPC64LE"sv, "SCMP_ARCH_S390"sv,
    "SCMP_ARCH_S390X"sv,       "SCMP_ARCH_PARISC"sv, "SCMP_ARCH_PARISC64"sv,  "SCMP_ARCH_RISCV64"sv, "SCMP_ARCH_LOONGARCH64"sv,
    "SCMP_ARCH_M68K"sv,        "SCMP_ARCH_SH"sv,     "SCMP_ARCH_SHEB"sv,
};

constexpr std::array kSeccompFlags{
    "SECCOMP_FILTER_FLAG_TSYNC"sv,
    "SECCOMP_FILTER_FLAG_LOG"sv,
    "SECCOMP_FILTER_FLAG_SPEC_ALLOW"sv,
    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"sv,
};

constexpr std::array kSchedulerPolicies{
    "SCHED_OTHER"sv, "SCHED_FIFO"sv, "SCHED_RR"sv, "SCHED_BATCH"sv, "SCHED_ISO"sv, "SCHED_IDLE"sv, "SCHED_DEADLINE"sv,
};
constexpr std::array kSchedulerFlags{
    "SCHED_FLAG_RESET_ON_FORK"sv, "SCHED_FLAG_RECLAIM"sv,        "SCHED_FLAG_DL_OVERRUN"sv,     "SCHED_FLAG_KEEP_POLICY"sv,
    "SCHED_FLAG_KEEP_PARAMS"sv,   "SCHED_FLAG_UTIL_CLAMP_MIN"sv, "SCHED_FLAG_UTIL_CLAMP_MAX"sv,
};
constexpr std::array kIoPriorityClasses{"IOPRIO_CLASS_RT"sv, "IOPRIO_CLASS_BE"sv, "IOPRIO_CLASS_IDLE"sv};
constexpr std::array kPersonalities{"LINUX"sv, "LINUX32"sv};
constexpr std::array kMemoryModes{
    "MPOL_DEFAULT"sv,        "MPOL_PREFERRED"sv,           "MPOL_BIND"sv, "MPOL_INTERLEAVE"sv, "MPOL_LOCAL"sv,
    "MPOL_PREFERRED_MANY"sv, "MPOL_WEIGHTED_INTERLEAVE"sv,
};
constexpr std::array kMemoryFlags{"MPOL_F_STATIC_NODES"sv, "MPOL_F_RELATIVE_NODES"sv, "MPOL_F_NUMA_BALANCING"sv};
constexpr std::array kPropagations{
    "shared"sv, "slave"sv, "private"sv, "unbindable"sv, "rshared"sv, "rslave"sv, "rprivate"sv, "runbindable"sv,
};
constexpr std::array kClocks{"monotonic"sv, "boottime"sv};
constexpr std::array kHookNames{
    "prestart"sv, "createRuntime"sv, "createContainer"sv, "startContainer"sv, "poststart"sv, "poststop"sv,
};

}  // namespace

std::span<const std::string_view> capability_names() { return kCapabilities; }
std::span<const std::string_view> rlimit_names() { return kRlimits; }
std::span<const std::string_view> seccomp_architectures() { return kArchitectures; }
std::span<const std::string_view> seccomp_flags() { return kSeccompFlags; }
std::span<const std::string_view> scheduler_policies() { return kSchedulerPolicies; }
std::span<const std::string_view> scheduler_flags() { return kSchedulerFlags; }
std::span<const std::string_view> io_priority_classes() { return kIoPriorityClasses; }
std::span<const std::string_view> personality_domains() { return kPersonalities; }
std::span<const std::string_view> memory_policy_modes() { return kMemoryModes; }
std::span<const std::string_view> memory_policy_flags() { return kMemoryFlags; }
std::span<const std::string_view> propagation_modes() { return kPropagations; }
std::span<const std::string_view> time_offset_clocks() { return kClocks; }
std::span<const std::string_view> hook_names() { return kHookNames; }

bool is_known(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace caisson::spec
