// The one exception type of caisson. sys/ reports errno values; everything above it throws Error.
// An Error knows its kind (which selects the exit status), the errno if the kernel gave one, the chain of what was being
// done (innermost first) and at most one hint. Frames are kept apart so that they can be printed as a line, a tree or JSON.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace caisson {

enum class ErrorKind : std::uint8_t {
  Usage,    // the command line is wrong
  Spec,     // config.json, process.json or another input document is wrong
  Host,     // this machine or user cannot do it: feature, permission, limit
  Kernel,   // a system call failed
  State,    // the container is not in a state that allows the command
  Payload,  // the program inside the container cannot be executed
};

class Error : public std::exception {
 public:
  // what: what was being done and to what, without the errno text. errno_value: 0 when no system call failed.
  Error(ErrorKind kind, std::string what, int errno_value = 0);

  // Adds an outer frame ("mount filesystems"); returns itself so that `throw std::move(error.within(...))` reads well.
  Error& within(std::string frame) &;
  Error&& within(std::string frame) &&;
  // The one piece of advice that helps, a full sentence without the final stop. The innermost hint wins.
  Error& with_hint(std::string hint) &;
  Error&& with_hint(std::string hint) &&;

  ErrorKind kind() const noexcept { return kind_; }
  int errno_value() const noexcept { return errno_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::vector<std::string>& frames() const noexcept { return frames_; }  // innermost first
  // "outer: inner: errno in words"; no hint.
  const std::string& message() const noexcept { return message_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  void rebuild();

  ErrorKind kind_;
  int errno_;
  std::vector<std::string> frames_;
  std::string hint_;
  std::string message_;
};

// "Operation not permitted": words for an errno value, from a table of our own (no locale, no libc differences).
std::string_view errno_text(int errno_value) noexcept;
// "EPERM"; empty for a value that has no name.
std::string_view errno_name(int errno_value) noexcept;

// Teardown goes on past failures; what failed is collected here and thrown, or reported, once at the end.
class ErrorList {
 public:
  void add(Error error) { errors_.push_back(std::move(error)); }
  bool empty() const noexcept { return errors_.empty(); }
  const std::vector<Error>& all() const noexcept { return errors_; }
  // Throws the first error with the others as further text; returns when there is none.
  void throw_if_any() const;

 private:
  std::vector<Error> errors_;
};

}  // namespace caisson
