// What a listing shows beside the scan, read only when it is shown and once for each: command lines, user names, the numbers of
// network namespaces.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "inspect/machine.hpp"
#include "inspect/proc_reader.hpp"
#include "net/links.hpp"

namespace caisson::inspect {

class Details {
 public:
  explicit Details(const Machine& machine) : machine_(machine) {}

  const std::string& command(pid_t pid);
  // By /etc/passwd; the number where that has none.
  const std::string& user(uid_t uid);
  // The number under which the caller's network namespace knows another one, "unassigned" for none; empty when it cannot be
  // asked. Made anew each time.
  std::string netnsid(const NamespaceEntry& entry);

 private:
  const Machine& machine_;
  ProcReader proc_;
  std::unordered_map<pid_t, std::string> commands_;
  std::unordered_map<uid_t, std::string> users_;
  std::optional<std::string> passwd_;
  std::optional<sys::UniqueFd> route_;
  net::LinkReader links_;
};

}  // namespace caisson::inspect
