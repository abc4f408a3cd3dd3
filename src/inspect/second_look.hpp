// Threads and descriptors of all processes are looked at by a child of their own, on another CPU, while the caller reads which
// namespaces the processes are in: the two take about as long as each other.
#pragma once

#include <optional>
#include <vector>

#include "inspect/scan_steps.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {

class SecondLook {
 public:
  // pids: of all processes. Nothing happens when the scope asks for neither.
  SecondLook(const ScanScope& scope, const std::vector<pid_t>& pids);
  SecondLook(const SecondLook&) = delete;
  SecondLook& operator=(const SecondLook&) = delete;
  ~SecondLook();

  // Waits for the child and adds what it has found; where there is none, or it failed, looks itself.
  void finish(Scan& scan);

 private:
  bool collect(Scan& scan);

  bool wanted_;
  std::optional<sys::Cloned> child_;
  sys::UniqueFd results_;
};

}  // namespace caisson::inspect
