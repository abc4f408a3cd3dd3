// The last steps of every process that becomes a payload, shared by a container's first process and by exec. Each returns at
// once when the plan has nothing for it. Their order is the contract of docs/init-order.md.
#pragma once

#include "launch/init_context.hpp"

namespace caisson::launch {

enum class ConsoleFor : std::uint8_t { FirstProcess, LaterProcess };  // only the first gets /dev/console

void attach_console(ProcessStage& stage, ConsoleFor whom);
void set_scheduling(const ProcessStage& stage);
void filter_while_privileged(const ProcessStage& stage);
// The bounding set: what this process may do stays as it is, what it executes from now on may do no more than the payload.
void limit_capabilities(const ProcessStage& stage);
void switch_user(ProcessStage& stage, mode_t default_umask);
void set_final_capabilities(const ProcessStage& stage);
void forbid_new_privileges(const ProcessStage& stage);
void find_executable(ProcessStage& stage);
// Marks descriptors, gives up what would keep the process dumpable, and executes the trampoline.
void execute_trampoline(const ProcessStage& stage);

}  // namespace caisson::launch
