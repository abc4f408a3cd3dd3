// Something that was looked at: its value, or in words why there is none. Nothing that could not be read is left out silently.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "sys/result.hpp"

namespace caisson::inspect {

template <class T>
struct Fact {
  std::optional<T> value;
  std::string missing;  // why there is no value

  Fact() : missing("not looked at") {}
  Fact(T known) : value(std::move(known)) {}  // NOLINT: a value is a fact
  static Fact none(std::string why) {
    Fact fact;
    fact.missing = std::move(why);
    return fact;
  }
  bool known() const noexcept { return value.has_value(); }
  const T* operator->() const noexcept { return &*value; }
  const T& operator*() const noexcept { return *value; }
};

template <class T>
Fact<T> fact_of(sys::SysResult<T>&& result) {
  if (!result.ok()) return Fact<T>::none(std::string(errno_text(result.err())));
  return Fact<T>(std::move(result).value());
}

// What `read` makes of a value; the reason for its absence stays the same. An Error of `read` is a reason, too.
template <class T, class Read>
auto derived(const Fact<T>& from, const Read& read) -> Fact<decltype(read(*from))> {
  using Result = Fact<decltype(read(*from))>;
  if (!from.known()) return Result::none(from.missing);
  try {
    return Result(read(*from));
  } catch (const Error& error) {
    return Result::none(error.message());
  }
}

}  // namespace caisson::inspect
