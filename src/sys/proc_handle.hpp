// Procfs that nobody can have tampered with, held by descriptor and usable after every change of root. Two kinds:
//  - host view: /proc of the machine, opened in the parent before the first mount that a container controls exists, verified to
//    be the root of a procfs. Costs three system calls; /proc/self follows the caller into any pid namespace that the host
//    sees. This is what a launch uses.
//  - private: a procfs mounted for this handle alone and attached nowhere, so that not even mounts on the host's /proc show.
//    Closing it costs an RCU grace period (150 to 900 us): for tools and for places where the host view cannot be trusted.
// Lookups never leave the mount: RESOLVE_BENEATH|NO_XDEV|NO_MAGICLINKS. man 2 openat2, man 5 proc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sys/file.hpp"

namespace caisson::sys {

enum class ProcScope : std::uint8_t { Processes, Everything };  // Processes: subset=pid,hidepid=ptraceable; no /proc/sys

class ProcHandle {
 public:
  ProcHandle() = default;
  // Fails with EXDEV if /proc is not the root of a procfs.
  static SysResult<ProcHandle> host_view() noexcept;
  // fsopen("proc"), else a clone of the mount at /proc without anything mounted below it.
  static SysResult<ProcHandle> make_private(ProcScope scope) noexcept;

  BorrowedFd borrow() const noexcept { return fd_.borrow(); }
  bool valid() const noexcept { return fd_.valid(); }

  // path without a leading slash: "self/attr/exec", "sys/kernel/msgmax", "123/stat".
  SysResult<UniqueFd> open(const char* path, int flags) const noexcept;
  SysResult<std::string> read(const char* path) const noexcept;
  SysStatus write(const char* path, std::string_view data) const noexcept;  // one write(2)

 private:
  explicit ProcHandle(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
  static SysResult<ProcHandle> verified(UniqueFd fd) noexcept;
  UniqueFd fd_;
};

}  // namespace caisson::sys
