// Runs a test body as PID 1 of fresh namespaces in a forked child, with a tmpfs over /tmp that nobody else sees, so that a
// failing case leaves nothing behind. As::User drops to an ordinary user first and gets a user namespace of its own.
// The body reports by exception: an Error, or a Failed by the CHECK macros below.
#pragma once

#include <grp.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::test {

enum class As { Root, User };

struct Failed {
  std::string what;
};
struct Skipped {
  std::string why;
};

#define CHECK_THAT(condition)                                                                                                \
  do {                                                                                                                       \
    if (!(condition)) throw ::caisson::test::Failed{std::string(__FILE__ ":") + std::to_string(__LINE__) + ": " #condition}; \
  } while (false)
#define CHECK_SAME(a, b)                                                                                          \
  do {                                                                                                            \
    const auto left = (a);                                                                                        \
    const auto right = (b);                                                                                       \
    if (!(left == right))                                                                                         \
      throw ::caisson::test::Failed{std::string(__FILE__ ":") + std::to_string(__LINE__) + ": " #a " is " +       \
                                    ::testing::PrintToString(left) + ", not " + ::testing::PrintToString(right)}; \
  } while (false)

struct Outcome {
  char kind = 'f';  // passed, failed, skipped
  std::string text;
};

inline constexpr unsigned kAllNamespaces =
    CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP;
inline constexpr unsigned kOrdinaryUser = 54321;

inline void write_text(const char* path, const std::string& text) {
  sys::write_file(sys::kCwd, path, text).or_throw("write ", path);
}
inline std::string read_text(const std::string& path) {
  return sys::read_file(sys::kCwd, path.c_str()).or_throw("read ", path);
}

inline void become_ordinary() {
  if (::geteuid() != 0) return;
  if (::setgroups(0, nullptr) != 0 || ::setresgid(kOrdinaryUser, kOrdinaryUser, kOrdinaryUser) != 0 ||
      ::setresuid(kOrdinaryUser, kOrdinaryUser, kOrdinaryUser) != 0)
    throw Failed{"cannot become an ordinary user"};
  ::prctl(PR_SET_DUMPABLE, 1);  // a change of ids took /proc/self away
}

inline void enter_namespaces(As as, unsigned namespaces) {
  if (as == As::Root && ::geteuid() != 0) throw Skipped{"needs root"};
  if (as == As::User) become_ordinary();
  const unsigned uid = ::geteuid(), gid = ::getegid();
  if (::unshare(static_cast<int>(namespaces) | (as == As::User ? CLONE_NEWUSER : 0)) != 0)
    throw Skipped{std::string("this machine forbids the namespaces: ") + std::strerror(errno)};
  if (as == As::User) {
    write_text("/proc/self/setgroups", "deny");
    write_text("/proc/self/uid_map", text::join("0 ", uid, " 1"));
    write_text("/proc/self/gid_map", text::join("0 ", gid, " 1"));
  }
}

inline Outcome outcome_of(const std::function<void()>& body) {
  try {
    body();
    return {'p', ""};
  } catch (const Skipped& skipped) {
    return {'s', skipped.why};
  } catch (const Failed& failed) {
    return {'f', failed.what};
  } catch (const Error& error) {
    return {'f', error.message() + (error.hint().empty() ? "" : " [" + error.hint() + "]")};
  } catch (const std::exception& error) {
    return {'f', error.what()};
  }
}

// Runs body in a forked child and gives what it reported.
inline Outcome in_child(const std::function<void()>& body) {
  auto pipe = sys::make_pipe().or_throw("make a pipe");
  const pid_t pid = ::fork();
  if (pid == 0) {
    const Outcome outcome = outcome_of(body);
    static_cast<void>(sys::write_full(pipe.write.borrow(), outcome.kind + outcome.text));
    ::_exit(0);
  }
  pipe.write.reset();
  const std::string report = sys::read_full(pipe.read.borrow()).or_throw("read the report");
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (report.empty()) return {'f', "the child ended without a report, status " + std::to_string(status)};
  return {report.front(), report.substr(1)};
}

inline void rethrow(const Outcome& outcome) {
  if (outcome.kind == 's') throw Skipped{outcome.text};
  if (outcome.kind != 'p') throw Failed{outcome.text};
}

inline Outcome in_namespaces(As as, const std::function<void()>& body, unsigned namespaces = kAllNamespaces) {
  return in_child([&] {
    enter_namespaces(as, namespaces);
    rethrow(in_child([&] {
      if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) throw Failed{"cannot make mounts private"};
      if (::mount("tmpfs", "/tmp", "tmpfs", 0, "mode=755") != 0) throw Failed{"cannot mount a tmpfs"};
      body();
    }));
  });
}

#define EXPECT_PASSES(outcome_expression)                               \
  do {                                                                  \
    const ::caisson::test::Outcome outcome_here = (outcome_expression); \
    if (outcome_here.kind == 's') GTEST_SKIP() << outcome_here.text;    \
    EXPECT_EQ(outcome_here.kind, 'p') << outcome_here.text;             \
  } while (false)

// The message of the Error that body throws.
inline std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.message() + (error.hint().empty() ? "" : " [" + error.hint() + "]");
  }
  throw Failed{"no error was thrown"};
}

inline bool contains(const std::string& whole, const std::string& part) { return whole.find(part) != std::string::npos; }

class Both : public testing::TestWithParam<As> {};
inline std::string name_of(const testing::TestParamInfo<As>& info) { return info.param == As::Root ? "Root" : "User"; }

}  // namespace caisson::test
