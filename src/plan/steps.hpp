// The steps of the process that becomes the container, in their order: the names that errors, traces, `plan` and fault tests
// show. launch/init_steps.cpp has a function for each. Why each stands where it stands: docs/init-order.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace caisson::plan {

enum class InitStep : std::uint8_t {
  BecomeRoot,
  JoinNamespaces,
  CreateNamespaces,
  LimitDevices,
  SessionKeyring,
  SetPropagation,
  AttachRoot,
  MountFilesystems,
  MakeDevices,
  ResetSignals,
  LimitCapabilities,
  WaitForRuntimeHooks,
  RunContainerHooks,
  EnterRoot,
  AttachConsole,
  SetHostNames,
  SetSysctls,
  MakePathsReadonly,
  MaskPaths,
  LeaveOldRoot,
  SealMounts,
  SetScheduling,
  FilterEarly,
  WaitForRecord,
  SwitchUser,
  SetCapabilities,
  ForbidNewPrivileges,
  FindExecutable,
  ExecuteTrampoline,
};

inline constexpr std::array kInitStepNames{
    std::string_view("become root in the user namespace"),
    std::string_view("join namespaces"),
    std::string_view("create namespaces"),
    std::string_view("limit devices"),
    std::string_view("join a session keyring"),
    std::string_view("set mount propagation"),
    std::string_view("mount the root filesystem"),
    std::string_view("mount filesystems"),
    std::string_view("make devices"),
    std::string_view("reset signals"),
    std::string_view("limit capabilities"),
    std::string_view("wait for the hooks of the runtime"),
    std::string_view("run createContainer hooks"),
    std::string_view("enter the root"),
    std::string_view("attach the console"),
    std::string_view("set host and domain name"),
    std::string_view("set sysctls"),
    std::string_view("make paths read-only"),
    std::string_view("mask paths"),
    std::string_view("leave the old root"),
    std::string_view("seal mounts"),
    std::string_view("set scheduling"),
    std::string_view("load the seccomp filter while privileged"),
    std::string_view("wait for the record"),
    std::string_view("switch user"),
    std::string_view("set capabilities"),
    std::string_view("forbid new privileges"),
    std::string_view("find the executable"),
    std::string_view("hand over to the trampoline"),
};

constexpr std::string_view name_of(InitStep step) { return kInitStepNames[static_cast<std::size_t>(step)]; }
static_assert(kInitStepNames.size() == static_cast<std::size_t>(InitStep::ExecuteTrampoline) + 1);

}  // namespace caisson::plan
