// Closed vocabularies: the names that JSON uses for the values of an enum, one table per enum for reading and writing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caisson::json {

// A closed vocabulary. An enum takes part by specialising Names with a constexpr array `table` of Name<Enum> and a `what`
// ("namespace type") for messages. Of several names of one value the first is the one written.
template <class Enum>
struct Name {
  std::string_view text;
  Enum value;
};
template <class Enum>
struct Names;

template <class Enum>
std::string_view name_of(Enum value) {
  for (const Name<Enum>& name : Names<Enum>::table) {
    if (name.value == value) return name.text;
  }
  return {};
}
template <class Enum>
std::optional<Enum> value_of(std::string_view text) {
  for (const Name<Enum>& name : Names<Enum>::table) {
    if (name.text == text) return name.value;
  }
  return std::nullopt;
}
// "pid, network, ...": for hints.
template <class Enum>
std::string all_names() {
  std::string out;
  for (const Name<Enum>& name : Names<Enum>::table) out.append(out.empty() ? "" : ", ").append(name.text);
  return out;
}

}  // namespace caisson::json
