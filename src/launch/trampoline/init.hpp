// The built-in PID 1 of `--init`: starts the payload as its child, forwards signals to it, reaps every orphan, keeps the
// terminal right, and ends as the payload ended. Freestanding: no C library, no memory of its own but the stack; it sleeps
// until a signal comes. What it takes over from tini, catatonit and dumb-init, and what not: docs/init.md. man 7 signal,
// man 7 pid_namespaces, man 2 rt_sigtimedwait.
#pragma once

namespace caisson::trampoline {

struct InitOptions {
  enum class Target : unsigned char { Payload, ProcessGroup };
  Target signal_target = Target::Payload;
  // Room of at least kListenPidSize bytes for "LISTEN_PID=<pid>" in the payload's environment, or null: written by the child,
  // since sd_listen_fds(3) compares it with the pid of the payload, which is not 1 here.
  char* listen_pid = nullptr;
};
inline constexpr unsigned kListenPidSize = 24;

// Executes the payload; returns only on failure, with a positive errno. Called in the child, which has the caller's signal mask
// and dispositions, a process group of its own and, where there is one, the foreground of the terminal.
using ExecPayload = int (*)(void* context);

// The status to exit with: N, or 128 + S, or 127 (nothing to execute was found) or 126 (it could not be executed).
// A negative errno: there is no child. Descriptors from 3 on are closed once the child exists.
int run_init(const InitOptions& options, ExecPayload exec_payload, void* context) noexcept;

}  // namespace caisson::trampoline
