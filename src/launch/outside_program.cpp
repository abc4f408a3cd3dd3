#include "launch/outside_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>

#include <array>

#include "base/error.hpp"
#include "sys/file.hpp"

namespace caisson::launch {
namespace {

constexpr std::size_t kKept = std::size_t{16} << 10;
constexpr int kCannotExecute = 127;

int execute(const char* const* argv, const char* const* environment, sys::BorrowedFd errors, sys::BorrowedFd null,
            Output output) {
  if (auto done = sys::process_control(PR_SET_PDEATHSIG, SIGKILL); !done.ok()) return done.err();
  sys::reset_signals();
  if (auto done = sys::duplicate_onto(null, 0); !done.ok()) return done.err();
  if (auto done = sys::duplicate_onto(output == Output::Shown ? sys::BorrowedFd(2) : null, 1); !done.ok()) return done.err();
  if (auto done = sys::duplicate_onto(errors, 2); !done.ok()) return done.err();
  if (auto done = sys::close_range(3, ~0U, sys::abi::kCloseRangeCloexec); !done.ok()) return done.err();
  return sys::execute(argv[0], argv, environment).err();
}

std::string read_end(sys::BorrowedFd pipe) {
  std::string kept;
  std::array<char, 4096> piece;
  for (;;) {
    const std::size_t got = sys::read_some(pipe, piece.data(), piece.size()).or_throw("read what a program says");
    if (got == 0) return kept;
    kept.append(piece.data(), got);
    if (kept.size() > kKept) kept.erase(0, kept.size() - kKept);
  }
}

}  // namespace

ProgramEnd run_outside_program(const std::vector<std::string>& words, const char* const* environment, Output output) {
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  argv.push_back(nullptr);
  sys::PipeEnds errors = sys::make_pipe().or_throw("make a pipe for ", words.front());
  const auto null = sys::open_at(sys::kCwd, "/dev/null", O_RDWR).or_throw("open /dev/null");
  const sys::Cloned child = sys::clone_with_pidfd().or_throw("start ", words.front());
  if (child.pid == 0) {
    execute(argv.data(), environment, errors.write.borrow(), null.borrow(), output);
    sys::exit_now(kCannotExecute);
  }
  errors.write.reset();
  try {
    std::string said = read_end(errors.read.borrow());
    return {sys::wait_for(child.process).or_throw("wait for ", words.front()), std::move(said)};
  } catch (const Error&) {
    sys::end_child(child.pid, child.process);
    throw;
  }
}

}  // namespace caisson::launch
