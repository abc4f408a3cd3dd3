// Reads values of C++ types out of a Value: numbers, text, enums with Names, optional, vector, map, and structs with
// visit_fields (json/fields.hpp).
#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/text.hpp"
#include "json/document.hpp"
#include "json/field_name.hpp"
#include "json/names.hpp"

namespace caisson::json {

template <class T>
struct ReadAs;  // chooses by type; partial specialisations below

template <class T>
void read_value(const Value& in, T& out) {
  ReadAs<T>::read(in, out);
}

class FieldReader {
 public:
  explicit FieldReader(const Value& object) : object_(object) { object.require_object(); }

  template <class T>
  void optional(FieldName name, T& field) {
    const Value value = object_[name];
    if (value.present()) read_value(value, field);
  }
  template <class T>
  void always(FieldName name, T& field) {
    optional(name, field);
  }
  template <class T>
  void required(FieldName name, T& field) {
    const Value value = object_[name];
    if (!value.present()) object_.refuse_missing(name);
    read_value(value, field);
  }
  // Written unless it equals `usual`.
  template <class T>
  void unless(FieldName name, T& field, const T& usual) {
    static_cast<void>(usual);
    optional(name, field);
  }
  // An object in JSON that is no struct of its own; written only when `written`.
  template <class Body>
  void group(FieldName name, bool written, const Body& body) {
    static_cast<void>(written);
    const Value value = object_[name];
    if (!value.present()) return;
    FieldReader inner(value);
    body(inner);
  }

 private:
  Value object_;
};

template <class T>
struct ReadAs {
  static void read(const Value& in, T& out) {
    if constexpr (std::same_as<T, std::string>) {
      out = in.text();
    } else if constexpr (std::same_as<T, bool>) {
      out = in.boolean();
    } else if constexpr (std::integral<T>) {
      out = in.integer<T>();
    } else if constexpr (std::is_enum_v<T>) {
      const std::optional<T> value = value_of<T>(in.text());
      if (!value)
        in.refuse(text::join("unknown ", Names<T>::what, " ", text::quoted(in.text())), "known are " + all_names<T>());
      out = *value;
    } else {
      FieldReader fields(in);
      visit_fields(fields, out);
    }
  }
};
template <class T>
struct ReadAs<std::optional<T>> {
  static void read(const Value& in, std::optional<T>& out) { read_value(in, out.emplace()); }
};
template <class T>
struct ReadAs<std::vector<T>> {
  static void read(const Value& in, std::vector<T>& out) {
    const std::size_t count = in.array_size();
    out.clear();
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) read_value(in.element(i), out.emplace_back());
  }
};
template <class T>
struct ReadAs<std::map<std::string, T>> {
  static void read(const Value& in, std::map<std::string, T>& out) {
    const std::size_t count = in.object_size();
    out.clear();
    for (std::size_t i = 0; i < count; ++i) {
      T value{};
      read_value(in.member(i), value);
      out.insert_or_assign(std::string(in.key(i)), std::move(value));
    }
  }
};

}  // namespace caisson::json
