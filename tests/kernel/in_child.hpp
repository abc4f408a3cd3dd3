// A test body in a forked child, where namespaces, signals, descriptors and the session may be changed at will.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <functional>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson {

// The first condition of the body that is false, by line.
struct Failed {
  int line;
};
#define REQUIRE(condition)         \
  if (!(condition)) throw Failed { \
      __LINE__                     \
    }

// Runs the body in a child; 0, or the line that failed, plus what was thrown on the error output.
inline int in_child(const std::function<void()>& body) {
  auto pipe = sys::make_pipe().or_throw("pipe");
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    int line = 0;
    try {
      body();
    } catch (const Failed& failed) {
      line = failed.line;
    } catch (const std::exception& error) {
      static_cast<void>(sys::write_full(sys::BorrowedFd(2), text::join(error.what(), '\n')));
      line = -1;
    }
    static_cast<void>(sys::write_full(pipe.write.borrow(), {reinterpret_cast<const char*>(&line), sizeof line}));
    _exit(0);
  }
  pipe.write.reset();
  int line = -2;
  const auto got = sys::read_some(pipe.read.borrow(), &line, sizeof line).or_throw("read");
  waitpid(child, nullptr, 0);
  return got == sizeof line ? line : -3;
}

}  // namespace caisson
