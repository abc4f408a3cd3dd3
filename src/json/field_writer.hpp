// Writes values of C++ types: numbers, text, enums with Names, optional, vector, map, and structs with visit_fields
// (json/fields.hpp).
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json/field_name.hpp"
#include "json/names.hpp"
#include "json/writer.hpp"

namespace caisson::json {

template <class T>
void write_value(Writer& out, const T& value);
template <class T>
bool holds_nothing(const T& value);

class FieldWriter {
 public:
  explicit FieldWriter(Writer& out) : out_(out) {}

  template <class T>
  void always(FieldName name, const T& field) {
    out_.key(name);
    write_value(out_, field);
  }
  template <class T>
  void required(FieldName name, const T& field) {
    always(name, field);
  }
  template <class T>
  void optional(FieldName name, const T& field) {
    if (!holds_nothing(field)) always(name, field);
  }
  template <class T>
  void unless(FieldName name, const T& field, const T& usual) {
    if (field != usual) always(name, field);
  }
  template <class Body>
  void group(FieldName name, bool written, const Body& body) {
    if (!written) return;
    out_.key(name).begin_object();
    body(*this);
    out_.end_object();
  }

 private:
  Writer& out_;
};

// Asks a struct whether any of its fields would be written.
class EmptinessProbe {
 public:
  template <class T>
  void always(FieldName, const T&) {
    empty = false;
  }
  template <class T>
  void required(FieldName, const T&) {
    empty = false;
  }
  template <class T>
  void optional(FieldName, const T& field) {
    empty = empty && holds_nothing(field);
  }
  template <class T>
  void unless(FieldName, const T& field, const T& usual) {
    empty = empty && field == usual;
  }
  template <class Body>
  void group(FieldName, bool written, const Body&) {
    empty = empty && !written;
  }

  bool empty = true;
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;

template <class T>
bool holds_nothing(const T& value) {
  if constexpr (std::same_as<T, std::string> || kIsVector<T> || kIsMap<T>) {
    return value.empty();
  } else if constexpr (kIsOptional<T>) {
    return !value.has_value();
  } else if constexpr (std::same_as<T, bool> || std::integral<T>) {
    return !value;
  } else {
    EmptinessProbe probe;
    visit_fields(probe, value);
    return probe.empty;
  }
}

template <class T>
void write_value(Writer& out, const T& value) {
  if constexpr (std::same_as<T, std::string>) {
    out.string(value);
  } else if constexpr (std::same_as<T, bool>) {
    out.boolean(value);
  } else if constexpr (std::integral<T>) {
    out.integer(value);
  } else if constexpr (std::is_enum_v<T>) {
    out.string(name_of(value));
  } else if constexpr (kIsOptional<T>) {
    if (value)
      write_value(out, *value);
    else
      out.null();
  } else if constexpr (kIsVector<T>) {
    out.begin_array();
    for (const auto& element : value) write_value(out, element);
    out.end_array();
  } else if constexpr (kIsMap<T>) {
    out.begin_object();
    for (const auto& [name, element] : value) {
      out.key(name);
      write_value(out, element);
    }
    out.end_object();
  } else {
    out.begin_object();
    FieldWriter fields(out);
    visit_fields(fields, value);
    out.end_object();
  }
}

}  // namespace caisson::json
