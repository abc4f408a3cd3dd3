// An init under test with its payload: the built-in one, or a peer from Debian, as PID 1 of a pid namespace.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "launch/trampoline/init.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::trampoline {

inline constexpr std::uint64_t kNewPid = 0x20000000, kNewUser = 0x10000000;
inline constexpr int kWaitMs = 10'000;

struct Peer {
  const char* name;
  const char* path;  // null: ours
};
inline constexpr Peer kOurs{"caisson", nullptr}, kTini{"tini", "/usr/bin/tini"}, kCatatonit{"catatonit", "/usr/bin/catatonit"};

inline int exec_argv(void* context) {
  auto* argv = static_cast<char**>(context);
  execvp(argv[0], argv);
  return errno;
}

struct Wishes {
  bool new_pid_namespace = true;
  std::function<void()> before = [] {};  // in the process that becomes the init
  InitOptions options{};
  ExecPayload payload = nullptr;  // instead of a program; ours only
};

// An init with its payload; its output comes through a pipe. Killed with all it has started when the test ends.
class Running {
 public:
  Running(const Peer& peer, std::vector<std::string> argv, const Wishes& wishes = {}) {
    auto ends = sys::make_pipe().or_throw("pipe");
    sys::abi::CloneArgs args{.exit_signal = SIGCHLD};
    if (wishes.new_pid_namespace) args.flags = kNewPid | (geteuid() == 0 ? 0 : kNewUser);
    pid_ = sys::clone_process(args).or_throw("clone");
    if (pid_ == 0) {
      dup2(ends.write.get(), 1);
      wishes.before();
      become(peer, argv, wishes);
    }
    output_ = std::move(ends.read);
  }
  ~Running() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  void send(int signal) const { kill(pid_, signal); }

  // As a shell shows it; -1: it did not end in time.
  int status() {
    const auto pidfd = sys::open_pidfd(pid_).or_throw("pidfd");
    const auto ended = sys::wait_readable(pidfd.borrow(), kWaitMs).or_throw("wait");
    if (ended == sys::Readiness::TimedOut) return -1;
    pid_ = 0;
    return sys::wait_for(pidfd).or_throw("wait").as_shell();
  }
  // Reads until the text has come; false after a while without it.
  bool says(const std::string& text) {
    while (said_.find(text) == std::string::npos) {
      if (sys::wait_readable(output_.borrow(), kWaitMs).or_throw("wait") == sys::Readiness::TimedOut) return false;
      char buffer[4096];
      const auto got = sys::read_some(output_.borrow(), buffer, sizeof buffer).or_throw("read");
      if (got == 0) return false;
      said_.append(buffer, got);
    }
    return true;
  }
  const std::string& said() const { return said_; }

  std::vector<pid_t> children() const {
    std::vector<pid_t> pids;
    const std::string list =
        sys::read_file(sys::kCwd, text::join("/proc/", pid_, "/task/", pid_, "/children").c_str()).value_or(std::string());
    for (const std::string_view part : text::split(list, ' '))
      if (const auto pid = text::parse_number<pid_t>(text::trim(part))) pids.push_back(*pid);
    return pids;
  }
  std::string status_field(std::string_view name) const {
    const std::string all = sys::read_file(sys::kCwd, text::join("/proc/", pid_, "/status").c_str()).value_or(std::string());
    for (const std::string_view line : text::split(all, '\n'))
      if (line.starts_with(name)) return std::string(text::trim(line.substr(name.size() + 1)));
    return {};
  }

 private:
  [[noreturn]] static void become(const Peer& peer, std::vector<std::string>& argv, const Wishes& wishes) {
    std::vector<char*> words;
    if (peer.path != nullptr) {
      words.push_back(const_cast<char*>(peer.name));
      words.push_back(const_cast<char*>("--"));
    }
    for (std::string& word : argv) words.push_back(word.data());
    words.push_back(nullptr);
    if (peer.path != nullptr) {
      execv(peer.path, words.data());
      _exit(125);
    }
    const int status = run_init(wishes.options, wishes.payload != nullptr ? wishes.payload : exec_argv, words.data());
    _exit(status < 0 ? 124 : status);
  }

  pid_t pid_ = 0;
  sys::UniqueFd output_;
  std::string said_;
};

inline std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

template <class Condition>
bool eventually(Condition condition) {
  for (int tries = 0; tries < 500; ++tries) {
    if (condition()) return true;
    sys::sleep_ns(10'000'000);
  }
  return false;
}

}  // namespace caisson::trampoline
