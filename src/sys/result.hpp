// SysResult<T>: what a system call gave, a value or an errno. No allocation, legal in every stage of a launch.
// Code that expects a failure tests err(); code for which it is final says .or_throw("open mount point ", path).
#pragma once

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::sys {

struct Unit {};

template <class T>
class [[nodiscard]] SysResult {
 public:
  SysResult(T value) noexcept : value_(std::move(value)) {}  // NOLINT: a value is a result
  static SysResult failed(int errno_value) noexcept { return SysResult(Failed{errno_value}); }

  bool ok() const noexcept { return err_ == 0; }
  int err() const noexcept { return err_; }  // 0 or a positive errno
  T& value() & noexcept { return value_; }
  const T& value() const& noexcept { return value_; }
  T&& value() && noexcept { return std::move(value_); }
  T value_or(T other) && noexcept { return ok() ? std::move(value_) : std::move(other); }

  // Throws Error{Kernel, errno} with the joined words; they are built only on failure.
  template <class... Parts>
  T or_throw(const Parts&... doing) && {
    if (err_ != 0) throw Error(ErrorKind::Kernel, text::join(doing...), err_);
    return std::move(value_);
  }

 private:
  struct Failed {
    int errno_value;
  };
  explicit SysResult(Failed failure) noexcept : err_(failure.errno_value) {}

  T value_{};
  int err_ = 0;
};

using SysStatus = SysResult<Unit>;

}  // namespace caisson::sys
