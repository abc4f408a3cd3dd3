// Becomes the payload, by itself or as the child of the built-in PID 1.
#include <linux/errno.h>

#include "launch/trampoline/freestanding.hpp"
#include "launch/trampoline/init.hpp"
#include "launch/trampoline/interpreter.hpp"
#include "launch/trampoline/last_step.hpp"

namespace caisson::launch {
namespace {

struct Payload {
  const char* path;
  char** argv;
  char** envp;
  int report;
};

// Returns a positive errno, after it has been reported; does not return when the payload runs.
int execute(void* argument) {
  const auto& payload = *static_cast<const Payload*>(argument);
  const long result = call(__NR_execve, payload.path, payload.argv, payload.envp);
  char interpreter[256];
  const char* hint = nullptr;
  const char* detail = payload.path;
  const char* doing = "execute ";
  const char* outer = nullptr;
  if (result == -ENOENT && find_missing_interpreter(payload.path, interpreter, sizeof interpreter)) {
    doing = "the file exists, but its interpreter does not: ";
    detail = interpreter;
    outer = payload.path;
    hint = "a dynamic program needs its loader inside the root filesystem, a script the program after #!";
  } else if (result == -ENOEXEC) {
    hint = "the file is for another architecture, or a script without a #! line";
  }
  send_failure(payload.report, kErrorKindPayload, static_cast<int>(-result), doing, detail, outer, hint);
  return static_cast<int>(-result);
}

// sd_listen_fds(3) compares LISTEN_PID with the payload's pid, which only the child of --init knows: `room` for it to write, or
// null when the payload is given no descriptors.
char* put_into_environment(char* room, char** envp) {
  constexpr char kName[] = "LISTEN_PID=";
  for (; *envp != nullptr; ++envp) {
    size_t matched = 0;
    while (kName[matched] != 0 && (*envp)[matched] == kName[matched]) ++matched;
    if (kName[matched] != 0) continue;
    *envp = room;
    return room;
  }
  return nullptr;
}

}  // namespace

void prepare(LastStep&) {}

void carry_out(const LastStep& step) {
  Payload payload{step.argv[0], step.argv + 1, step.envp, step.report};
  if (step.config.init == 0) leave(execute(&payload) == ENOENT ? 127 : 126);
  char listen_pid[trampoline::kListenPidSize];
  const int status = trampoline::run_init({.listen_pid = put_into_environment(listen_pid, step.envp)}, execute, &payload);
  if (status < 0) fail(step.report, status, "start the payload below the built-in init");
  leave(status);
}

}  // namespace caisson::launch
