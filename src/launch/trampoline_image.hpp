// Builds the program that executes the payload: the embedded trampoline with its configuration block, in a sealed memfd.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "launch/sealed_program.hpp"
#include "launch/trampoline/config.hpp"
#include "plan/service_plan.hpp"
#include "sys/fd.hpp"

struct sock_filter;

namespace caisson::launch {

struct TrampolineLabel {
  std::string file, older_file, value;  // below the procfs root: "thread-self/attr/apparmor/exec"
};
struct TrampolineStartHook {
  std::string path, title;
  std::vector<std::string> args;
  std::optional<std::vector<std::string>> env;  // absent: that of the payload
  std::int32_t timeout_s = 0;
};

// Everything that the trampoline does besides execve; see trampoline/config.hpp for the meaning of each.
struct TrampolineOrders {
  int channel = -1, listener = -1, proc = -1;
  std::uint32_t preserved = 0;
  const sock_filter* filter = nullptr;
  std::uint32_t filter_length = 0, filter_flags = 0;
  std::vector<TrampolineLabel> labels;
  std::vector<TrampolineStartHook> hooks;
  std::string hook_state;
  bool dies_with_runtime = false;
  bool init = false;
  plan::ServicesPlan services;  // instead of a payload
  int services_page = -1;
  bool holds = false;
};

// The finished ELF file.
ProgramImage build_trampoline(const TrampolineOrders& orders);

// The same in a memfd that nobody can change any more: sealed, and of mode 0111, so that the kernel leaves a process
// that executes it without CAP_DAC_OVERRIDE non-dumpable from its first instruction on (man 2 prctl, PR_SET_DUMPABLE).
sys::UniqueFd make_trampoline(const TrampolineOrders& orders);

}  // namespace caisson::launch
