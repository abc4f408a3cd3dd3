// /proc/PID of one process, held by descriptor. The directory belongs to the process of the pidfd that was opened before it:
// whatever is read from it later is of that process or fails with ESRCH, never of another one that got its number. man 5 proc.
#pragma once

#include <sys/types.h>

#include <string>

#include "inspect/fact.hpp"
#include "sys/fd.hpp"

namespace caisson::inspect {

class ProcessDir {
 public:
  // Throws Error{Host} when the process has ended, or when /proc is not there.
  ProcessDir(pid_t pid, const sys::Pidfd& process);

  pid_t pid() const noexcept { return pid_; }
  sys::BorrowedFd borrow() const noexcept { return directory_.borrow(); }
  // name: "status", "ns/net".
  Fact<std::string> read(const char* name) const;
  Fact<std::string> link(const char* name) const;
  // "net:[4026531833]" as a number.
  Fact<std::uint64_t> namespace_inode(const char* name) const;

 private:
  pid_t pid_;
  sys::UniqueFd directory_;
};

// "net:[4026531833]" -> 4026531833; throws Error{Host} for anything else.
std::uint64_t inode_in(std::string_view link);

}  // namespace caisson::inspect
