#include "app/host_ps.hpp"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::app {

namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : text::split(line, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

// Paths to try; an engine may have given us no PATH at all.
std::vector<std::string> candidates() {
  const char* path = getenv("PATH");
  std::vector<std::string> out;
  for (const std::string_view directory : text::split(path == nullptr || *path == 0 ? "/usr/bin:/bin" : path, ':'))
    if (directory.starts_with('/')) out.push_back(text::join(directory, "/ps"));
  return out;
}

[[noreturn]] void ps_child(const std::vector<std::string>& paths, const char* const* argv, sys::BorrowedFd output) noexcept {
  constexpr int kNotFound = 127;
  sys::reset_signals();
  if (sys::duplicate_onto(output, 1).ok()) {
    for (const std::string& path : paths) (void)sys::execute(path.c_str(), argv, environ);
  }
  sys::exit_now(kNotFound);
}

}  // namespace

std::string lines_of_processes(std::string_view ps_output, std::span<const pid_t> pids) {
  const std::vector<std::string_view> lines = text::split(ps_output, '\n');
  const std::vector<std::string_view> heading = lines.empty() ? std::vector<std::string_view>() : words_of(lines.front());
  const auto column = static_cast<std::size_t>(std::ranges::find(heading, std::string_view("PID")) - heading.begin());
  if (column == heading.size()) {
    throw Error(ErrorKind::Usage, "ps printed no column PID").with_hint("name pid among the columns: -o pid,args");
  }
  std::string out = text::join(lines.front(), '\n');
  for (const std::string_view line : std::span(lines).subspan(1)) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() <= column) continue;
    const auto pid = text::parse_number<pid_t>(words[column]);
    if (pid && std::ranges::find(pids, *pid) != pids.end()) out += text::join(line, '\n');
  }
  return out;
}

std::string run_ps(std::span<const std::string_view> arguments) {
  const std::vector<std::string> paths = candidates();
  const std::vector<std::string> copies(arguments.begin(), arguments.end());
  std::vector<const char*> argv{"ps"};
  for (const std::string& argument : copies) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  sys::PipeEnds pipe = sys::make_pipe().or_throw("make a pipe for ps");
  const pid_t pid = sys::clone_process({.exit_signal = SIGCHLD}).or_throw("clone a process for ps");
  if (pid == 0) ps_child(paths, argv.data(), pipe.write.borrow());
  pipe.write.reset();
  const sys::Pidfd process = sys::open_pidfd(pid).or_throw("open the process of ps");
  std::string output = sys::read_full(pipe.read.borrow()).or_throw("read what ps prints");
  const sys::ExitStatus status = sys::wait_for(process).or_throw("wait for ps");
  constexpr int kNotFound = 127;
  if (status.as_shell() == kNotFound) {
    throw Error(ErrorKind::Host, "run ps: executable file not found in $PATH").with_hint("ps --format json needs no program");
  }
  if (status.as_shell() != 0) throw Error(ErrorKind::Host, text::join("run ps: exit status ", status.as_shell()));
  return output;
}

}  // namespace caisson::app
