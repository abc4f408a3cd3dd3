#include "process/hooks.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/standard_fds.hpp"
#include "sys/terminal.hpp"

namespace caisson::process {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr unsigned kMfdNoexecSeal = 8;  // 6.3
constexpr int kCannotExecute = 127;

// What the hook writes to one of its descriptors.
struct Stream {
  std::string_view name;
  sys::PipeEnds pipe;
  OutputTail tail = {};
  bool open = true;
};
using Streams = std::array<Stream, 2>;  // standard output, standard error

// All that the child needs, made before the clone.
struct Prepared {
  const char* path;
  const char* directory;
  std::vector<const char*> argv, envp;
  sys::UniqueFd input;  // the state document, at its beginning
  Streams streams;
  sys::PipeEnds failed;  // close-on-exec, carries the errno of what went wrong before the hook ran
};

// The hook while it runs; whatever happens to the runtime's side, it is killed and reaped in the end.
class HookProcess {
 public:
  explicit HookProcess(pid_t pid) : pid_(pid), process_(open(pid)) {}
  HookProcess(const HookProcess&) = delete;
  ~HookProcess() {
    if (reaped_) return;
    kill_group();
    (void)sys::wait_for(process_);
  }

  sys::BorrowedFd borrow() const noexcept { return process_.borrow(); }
  sys::ExitStatus reap() {
    const sys::ExitStatus status = sys::wait_for(process_).or_throw("wait for the hook");
    reaped_ = true;
    return status;
  }
  void kill_group() const {
    (void)sys::send_signal_to_pid(-pid_, SIGKILL);
    (void)sys::send_signal(process_, SIGKILL);  // before the child made its group
  }

 private:
  // The child is not reaped yet, so its pid cannot mean another process.
  static sys::Pidfd open(pid_t pid) {
    auto opened = sys::open_pidfd(pid);
    if (!opened.ok()) (void)sys::send_signal_to_pid(pid, SIGKILL);
    return std::move(opened).or_throw("open the hook's process");
  }

  pid_t pid_;
  sys::Pidfd process_;
  bool reaped_ = false;
};

struct Ending {
  bool timed_out = false;
  sys::ExitStatus status;
};

sys::UniqueFd make_input(std::string_view state_json) {
  // A file and not a pipe: a hook that never reads it can neither block nor break the writer.
  auto made = sys::make_memfd("state.json", sys::abi::kMfdCloexec | kMfdNoexecSeal);
  if (made.err() == EINVAL) made = sys::make_memfd("state.json", sys::abi::kMfdCloexec);
  sys::UniqueFd file = std::move(made).or_throw("make the standard input of the hook");
  sys::write_full(file.borrow(), state_json).or_throw("write the standard input of the hook");
  sys::rewind(file.borrow()).or_throw("rewind the standard input of the hook");
  return file;
}

Stream make_stream(std::string_view name) {
  return {.name = name, .pipe = sys::make_pipe().or_throw("make a pipe for the ", name, " of the hook")};
}

// Without one of its own a hook has the environment of this command, also where it runs in the container's namespaces: its
// program is the host's, and variables that an image brought (LD_PRELOAD) must not reach it.
void add_environment(const spec::Hook& hook, std::vector<const char*>& envp) {
  if (hook.env) {
    for (const std::string& variable : *hook.env) envp.push_back(variable.c_str());
  } else {
    for (char** variable = environ; *variable != nullptr; ++variable) envp.push_back(*variable);
  }
  envp.push_back(nullptr);
}

Prepared prepare(const spec::Hook& hook, const HookRun& run) {
  Prepared out{.path = hook.path.c_str(),
               .directory = run.directory.c_str(),
               .input = make_input(run.state_json),
               .streams = {make_stream("stdout"), make_stream("stderr")},
               .failed = sys::make_pipe().or_throw("make a pipe for the hook's failure")};
  if (hook.args.empty()) out.argv.push_back(out.path);
  for (const std::string& argument : hook.args) out.argv.push_back(argument.c_str());
  out.argv.push_back(nullptr);
  add_environment(hook, out.envp);
  return out;
}

int enter_and_execute(const Prepared& hook) noexcept {
  // A hook must not go on when the runtime is killed in the middle of a command.
  if (auto done = sys::process_control(PR_SET_PDEATHSIG, SIGKILL); !done.ok()) return done.err();
  if (auto done = sys::set_process_group(0, 0); !done.ok()) return done.err();
  sys::reset_signals();
  if (auto done = sys::change_dir(hook.directory); !done.ok()) return done.err();
  if (auto done = sys::duplicate_onto(hook.input.borrow(), 0); !done.ok()) return done.err();
  if (auto done = sys::duplicate_onto(hook.streams[0].pipe.write.borrow(), 1); !done.ok()) return done.err();
  if (auto done = sys::duplicate_onto(hook.streams[1].pipe.write.borrow(), 2); !done.ok()) return done.err();
  if (auto done = sys::close_range(3, ~0U, sys::abi::kCloseRangeCloexec); !done.ok()) return done.err();
  return sys::execute(hook.path, hook.argv.data(), hook.envp.data()).err();
}

[[noreturn]] void hook_child(const Prepared& hook) noexcept {
  const int error = enter_and_execute(hook);
  (void)sys::write_full(hook.failed.write.borrow(), {reinterpret_cast<const char*>(&error), sizeof error});
  sys::exit_now(kCannotExecute);
}

pid_t launch(Prepared& hook) {
  const pid_t pid = sys::clone_process({.exit_signal = SIGCHLD}).or_throw("clone a process for the hook");
  if (pid == 0) hook_child(hook);
  for (Stream& stream : hook.streams) stream.pipe.write.reset();
  hook.failed.write.reset();
  return pid;
}

void drain_once(Stream& stream) {
  std::array<char, 16384> buffer;
  const auto got = sys::read_some(stream.pipe.read.borrow(), buffer.data(), buffer.size());
  if (got.err() == EAGAIN) return;
  stream.open = got.ok() && got.value() > 0;
  if (stream.open) stream.tail.add({buffer.data(), got.value()});
}

sys::BorrowedFd while_open(const Stream& stream) { return stream.open ? stream.pipe.read.borrow() : sys::BorrowedFd(-1); }

// What is in the pipe now, and no more: a process that the hook left behind may hold it open for ever.
void drain_rest(Stream& stream) {
  constexpr int kMostReads = 8;
  for (int i = 0; stream.open && i < kMostReads; ++i) {
    const std::array<sys::BorrowedFd, 1> waited{stream.pipe.read.borrow()};
    if (sys::wait_ready(waited, 0).value_or(0) == 0) break;
    drain_once(stream);
  }
}

int milliseconds_left(std::optional<std::uint64_t> deadline) {
  if (!deadline) return -1;
  const std::uint64_t now = sys::monotonic_ns();
  if (now >= *deadline) return 0;
  constexpr std::uint64_t kLongestWait = 3'600'000;
  return static_cast<int>(std::min((*deadline - now + 999'999) / 1'000'000, kLongestWait));
}

Ending wait_for_end(HookProcess& hook, Streams& streams, std::optional<std::uint64_t> deadline) {
  Ending ending;
  for (;;) {
    const std::array<sys::BorrowedFd, 3> waited{hook.borrow(), while_open(streams[0]), while_open(streams[1])};
    const std::uint32_t ready = sys::wait_ready(waited, milliseconds_left(deadline)).or_throw("wait for the hook");
    if ((ready & 2) != 0) drain_once(streams[0]);
    if ((ready & 4) != 0) drain_once(streams[1]);
    if ((ready & 1) != 0) break;
    if (deadline && sys::monotonic_ns() >= *deadline) {
      hook.kill_group();
      ending.timed_out = true;
      break;
    }
  }
  ending.status = hook.reap();
  for (Stream& stream : streams) drain_rest(stream);
  return ending;
}

// The errno with which the child failed before the hook itself ran; 0 when it ran.
int failure_before_execution(sys::BorrowedFd failed) {
  int error = 0;
  const auto got = sys::read_some(failed, &error, sizeof error);
  return got.ok() && got.value() == sizeof error ? error : 0;
}

std::string with_output(std::string text, const Streams& streams) {
  for (const Stream& stream : streams)
    if (const std::string quoted = stream.tail.quote(); !quoted.empty()) text += text::join(", ", stream.name, ": ", quoted);
  return text;
}

void run_one(const spec::Hook& hook, const HookRun& run) {
  Prepared prepared = prepare(hook, run);
  std::optional<std::uint64_t> deadline;
  if (hook.timeout && *hook.timeout > 0) {
    deadline = sys::monotonic_ns() + static_cast<std::uint64_t>(*hook.timeout) * kNsPerSecond;
  }
  HookProcess child(launch(prepared));
  const Ending ending = wait_for_end(child, prepared.streams, deadline);
  if (ending.timed_out) {
    throw Error(ErrorKind::Host,
                with_output(text::join("did not end within ", *hook.timeout, " s and was killed"), prepared.streams));
  }
  if (!ending.status.signalled && ending.status.value == 0) return;
  if (const int error = failure_before_execution(prepared.failed.read.borrow()); error != 0) {
    throw Error(ErrorKind::Host, text::join("execute in ", text::quoted(run.directory)), error);
  }
  const std::string_view how = ending.status.signalled ? "was killed by signal " : "exit status ";
  throw Error(ErrorKind::Host, with_output(text::join(how, ending.status.value), prepared.streams));
}

}  // namespace

std::string title_of_hook(std::string_view kind, std::size_t index, std::string_view path) {
  return text::join("error running ", kind, " hook #", index, ": ", text::quoted(path));
}

void run_hooks(const HookRun& run) {
  for (std::size_t i = 0; i < run.hooks.size(); ++i) {
    try {
      run_one(run.hooks[i], run);
    } catch (Error& error) {
      throw std::move(error.within(title_of_hook(run.kind, i, run.hooks[i].path)));
    }
  }
}

void run_hooks_and_warn(const HookRun& run, LogSink& log) {
  for (std::size_t i = 0; i < run.hooks.size(); ++i) {
    try {
      run_one(run.hooks[i], run);
    } catch (Error& error) {
      log.warning(error.within(title_of_hook(run.kind, i, run.hooks[i].path)).message());
    }
  }
}

void OutputTail::add(std::string_view bytes) {
  kept_ += bytes;
  if (kept_.size() <= 2 * kKept) return;
  kept_.erase(0, kept_.size() - kKept);
  cut_ = true;
}

std::string OutputTail::quote() const {
  std::string_view shown = text::trim(kept_);
  const bool cut = cut_ || shown.size() > kQuoted;
  if (shown.size() > kQuoted) shown.remove_prefix(shown.size() - kQuoted);
  return shown.empty() ? std::string() : text::join(cut ? "..." : "", text::quoted(shown));
}

}  // namespace caisson::process
