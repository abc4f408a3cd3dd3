// Failure on demand at the n-th system call, for tests/fault only (build option CAISSON_FAULT_POINTS).
//   CAISSON_FAULT=ROLE:N:ERRNO   the N-th call of that role returns ERRNO (a number) without entering the kernel
//   CAISSON_FAULT=ROLE:N:kill    the N-th call of that role kills the process with SIGKILL before it enters the kernel
//   CAISSON_FAULT_COUNT=FILE     each role appends "ROLE COUNT" to FILE (opened at start) when it leaves its stage
// ROLE is `parent`, `init` (the cloned child that builds a container), `exec` (the cloned child that joins one) or `child` (any
// other one: a hook until it executes, newuidmap).
// The variable is read once; without it a passage costs one comparison. close(2) and umask(2) are not
// counted: the one cannot fail usefully, the other cannot fail.
#pragma once

namespace caisson::sys::fault_points {

enum class Role : unsigned char { Parent, Init, Exec, Child };

// 0 to enter the kernel, else the negative errno to return instead.
long pass(long number) noexcept;
// Called by a cloned child first thing: its calls are counted from zero under its own role, or a fault of the parent would
// strike twice.
void enter_role(Role role) noexcept;
// Writes the number of calls made in this role to CAISSON_FAULT_COUNT, if asked. to_come: the call that leaves the program.
void report(unsigned to_come = 0) noexcept;

}  // namespace caisson::sys::fault_points
