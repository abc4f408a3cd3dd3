// first_steps OUTPUT COMMAND...: runs COMMAND one instruction at a time, and with it what it forks, until each executes another
// program; appends to OUTPUT the addresses in the first program that were executed, each once, in the order of their first
// time. For bench/startup_order. The machine's slowest way to run a program: a container start takes half a minute.
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <unordered_set>

namespace {

// Static programs that are not position independent lie here (ld --verbose); a trampoline or payload is not looked at.
constexpr std::uint64_t kProgramEnd = 0x10000000;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

pid_t start(char** command) {
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) fail("ptrace");
    std::raise(SIGSTOP);
    execv(command[0], command);
    fail(command[0]);
  }
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) fail("wait for the program");
  if (ptrace(PTRACE_SETOPTIONS, pid, 0,
             PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL) != 0 ||
      ptrace(PTRACE_CONT, pid, 0, 0) != 0)
    fail("ptrace");
  return pid;
}

class Steps {
 public:
  Steps(pid_t first, std::FILE* out) : first_(first), out_(out) {}

  // Returns the status of the first process when it has ended.
  int follow() {
    for (;;) {
      int status = 0;
      const pid_t pid = waitpid(-1, &status, __WALL);
      if (pid < 0) fail("wait for a step");
      if (!WIFSTOPPED(status)) {
        if (pid == first_) return status;
        continue;
      }
      step(pid, status);
    }
  }

 private:
  void step(pid_t pid, int status) {
    const int event = status >> 16, signal = WSTOPSIG(status);
    if (event == PTRACE_EVENT_EXEC && started_) {
      ptrace(PTRACE_DETACH, pid, 0, 0);
      return;
    }
    started_ = started_ || event == PTRACE_EVENT_EXEC;
    note(pid);
    const long passed = event != 0 || signal == SIGTRAP || signal == SIGSTOP ? 0 : signal;
    if (ptrace(PTRACE_SINGLESTEP, pid, 0, passed) != 0 && errno != ESRCH) fail("ptrace a step");
  }
  void note(pid_t pid) {
    user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, pid, 0, &registers) != 0) return;  // it was killed meanwhile
    if (registers.rip < kProgramEnd && seen_.insert(registers.rip).second) std::fprintf(out_, "%llx\n", registers.rip);
  }

  pid_t first_;
  std::FILE* out_;
  bool started_ = false;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::fprintf(stderr, "usage: first_steps OUTPUT COMMAND [ARG...]\n");
    return 2;
  }
  std::FILE* const out = std::fopen(words[1], "a");
  if (out == nullptr) fail(words[1]);
  const int status = Steps(start(words + 2), out).follow();
  if (std::fclose(out) != 0) fail(words[1]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
