// The names that JSON documents use for the closed sets of spec.hpp, and the open lists of names that validate.hpp accepts.
// Each table feeds the reader, the writer, the checks and `features`.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "json/names.hpp"
#include "spec/spec.hpp"

namespace caisson::spec {

std::span<const std::string_view> capability_names();       // "CAP_CHOWN", by number
std::span<const std::string_view> rlimit_names();           // "RLIMIT_AS"
std::span<const std::string_view> seccomp_architectures();  // "SCMP_ARCH_X86_64"
std::span<const std::string_view> seccomp_flags();          // "SECCOMP_FILTER_FLAG_LOG"
std::span<const std::string_view> scheduler_policies();     // "SCHED_OTHER"
std::span<const std::string_view> scheduler_flags();        // "SCHED_FLAG_RESET_ON_FORK"
std::span<const std::string_view> io_priority_classes();    // "IOPRIO_CLASS_BE"
std::span<const std::string_view> personality_domains();    // "LINUX"
std::span<const std::string_view> memory_policy_modes();    // "MPOL_BIND"
std::span<const std::string_view> memory_policy_flags();    // "MPOL_F_STATIC_NODES"
std::span<const std::string_view> propagation_modes();      // "rprivate"
std::span<const std::string_view> time_offset_clocks();     // "monotonic"
std::span<const std::string_view> hook_names();             // "prestart", in the order they run

bool is_known(std::span<const std::string_view> names, std::string_view name);

}  // namespace caisson::spec

namespace caisson::json {

template <>
struct Names<spec::NamespaceType> {
  using Type = spec::NamespaceType;
  static constexpr std::string_view what = "namespace type";
  static constexpr std::array table{
      Name<Type>{"user", Type::User},     Name<Type>{"pid", Type::Pid},         Name<Type>{"ipc", Type::Ipc},
      Name<Type>{"uts", Type::Uts},       Name<Type>{"network", Type::Network}, Name<Type>{"mount", Type::Mount},
      Name<Type>{"cgroup", Type::Cgroup}, Name<Type>{"time", Type::Time},
  };
};

template <>
struct Names<spec::DeviceType> {
  using Type = spec::DeviceType;
  static constexpr std::string_view what = "device type";
  static constexpr std::array table{
      Name<Type>{"c", Type::Char}, Name<Type>{"b", Type::Block}, Name<Type>{"u", Type::Unbuffered},
      Name<Type>{"p", Type::Fifo}, Name<Type>{"a", Type::All},
  };
};

template <>
struct Names<spec::SeccompAction> {
  using Type = spec::SeccompAction;
  static constexpr std::string_view what = "seccomp action";
  static constexpr std::array table{
      Name<Type>{"SCMP_ACT_KILL_THREAD", Type::KillThread},
      Name<Type>{"SCMP_ACT_KILL", Type::KillThread},
      Name<Type>{"SCMP_ACT_KILL_PROCESS", Type::KillProcess},
      Name<Type>{"SCMP_ACT_TRAP", Type::Trap},
      Name<Type>{"SCMP_ACT_ERRNO", Type::Errno},
      Name<Type>{"SCMP_ACT_TRACE", Type::Trace},
      Name<Type>{"SCMP_ACT_ALLOW", Type::Allow},
      Name<Type>{"SCMP_ACT_LOG", Type::Log},
      Name<Type>{"SCMP_ACT_NOTIFY", Type::Notify},
  };
};

template <>
struct Names<spec::SeccompOperator> {
  using Type = spec::SeccompOperator;
  static constexpr std::string_view what = "seccomp operator";
  static constexpr std::array table{
      Name<Type>{"SCMP_CMP_NE", Type::NotEqual},           Name<Type>{"SCMP_CMP_LT", Type::Less},
      Name<Type>{"SCMP_CMP_LE", Type::LessOrEqual},        Name<Type>{"SCMP_CMP_EQ", Type::Equal},
      Name<Type>{"SCMP_CMP_GE", Type::GreaterOrEqual},     Name<Type>{"SCMP_CMP_GT", Type::Greater},
      Name<Type>{"SCMP_CMP_MASKED_EQ", Type::MaskedEqual},
  };
};

}  // namespace caisson::json
