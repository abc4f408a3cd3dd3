// Where a value stands in a document, as steps: "linux.seccomp.syscalls[3].names[0]". Checks carry it along for every value and
// almost never need its text, so making one costs no allocation. Names are borrowed: a literal or a key of the document.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace caisson::spec {

class JsonPath {
 public:
  // A member of the document, or the document itself for an empty text.
  JsonPath(std::string_view start) noexcept : start_(start) {}  // NOLINT: every check takes its prefix as text
  JsonPath(const char* start) noexcept : start_(start) {}       // NOLINT

  JsonPath child(std::string_view name) const noexcept { return with({name, 0, true}); }
  JsonPath child(std::size_t index) const noexcept { return with({{}, index, false}); }

  std::string text() const;

 private:
  struct Step {
    std::string_view name;
    std::size_t index;
    bool is_member;
  };
  static constexpr std::size_t kMaxSteps = 6;  // linux.seccomp + syscalls, 0, args, 0, index

  JsonPath with(const Step& step) const noexcept;

  std::string_view start_;
  std::array<Step, kMaxSteps> steps_{};
  std::size_t count_ = 0;
};

inline JsonPath child_path(const JsonPath& path, std::string_view name) noexcept { return path.child(name); }
inline JsonPath child_path(const JsonPath& path, std::size_t index) noexcept { return path.child(index); }

}  // namespace caisson::spec
