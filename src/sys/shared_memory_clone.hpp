// A child that runs in the memory of its parent, beside it, until it executes a program: no page table is copied and no page
// is copied when either writes, which together cost a container start a tenth (docs/adr/0008-shared-memory-clone.md). man 2
// clone3, CLONE_VM without CLONE_VFORK.
//
// The child has a stack, a thread block (errno, exceptions) and a heap chunk of its own; descriptors, signal dispositions and
// credentials are its own as after fork. What both can reach, neither may change until the child has executed or ended.
// Never for a child that a process with the same or fewer privileges could trace or read: it shows all that the parent knows.
#pragma once

#include <cstdint>
#include <optional>

#include "sys/process.hpp"

namespace caisson::sys {

// Whether this build knows the thread block of its C library (the shipped one does: musl, static, x86-64).
bool can_share_memory() noexcept;

// run must not return. ENOSYS where can_share_memory() is false. The stack is never given back: one child of a process.
SysResult<Cloned> clone_sharing_memory(std::uint64_t flags, std::optional<BorrowedFd> group, void (*run)(void*) noexcept,
                                       void* argument) noexcept;

}  // namespace caisson::sys
