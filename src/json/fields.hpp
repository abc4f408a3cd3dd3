// One list of fields per struct, walked both to read it and to write it. A struct takes part by a function found beside it:
//   template <class Fields, json::same_struct<Root> R>
//   void visit_fields(Fields& fields, R& root) { fields.always("path", root.path); fields.optional("readonly", root.readonly); }
// required: must be there when reading; always: written even when empty; optional: written only when it holds something.
#pragma once

#include <algorithm>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::json {

// Constrains visit_fields to Struct& (reading) and const Struct& (writing).
template <class Deduced, class Struct>
concept same_struct = std::same_as<std::remove_const_t<Deduced>, Struct>;

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

// ---- reading ----

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
  void optional(std::string_view name, T& field) {
    const Value value = object_[name];
    if (value.present()) read_value(value, field);
  }
  template <class T>
  void always(std::string_view name, T& field) {
    optional(name, field);
  }
  template <class T>
  void required(std::string_view name, T& field) {
    const Value value = object_[name];
    if (!value.present()) object_.refuse_missing(name);
    read_value(value, field);
  }
  // Written unless it equals `usual`.
  template <class T>
  void unless(std::string_view name, T& field, const T& usual) {
    static_cast<void>(usual);
    optional(name, field);
  }
  // An object in JSON that is no struct of its own; written only when `written`.
  template <class Body>
  void group(std::string_view name, bool written, const Body& body) {
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
      if (!value) in.refuse(text::join("unknown ", Names<T>::what, " ", text::quoted(in.text())), "Known are " + all_names<T>());
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

// ---- writing ----

template <class T>
void write_value(Writer& out, const T& value);
template <class T>
bool holds_nothing(const T& value);

class FieldWriter {
 public:
  explicit FieldWriter(Writer& out) : out_(out) {}

  template <class T>
  void always(std::string_view name, const T& field) {
    out_.key(name);
    write_value(out_, field);
  }
  template <class T>
  void required(std::string_view name, const T& field) {
    always(name, field);
  }
  template <class T>
  void optional(std::string_view name, const T& field) {
    if (!holds_nothing(field)) always(name, field);
  }
  template <class T>
  void unless(std::string_view name, const T& field, const T& usual) {
    if (field != usual) always(name, field);
  }
  template <class Body>
  void group(std::string_view name, bool written, const Body& body) {
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
  void always(std::string_view, const T&) {
    empty = false;
  }
  template <class T>
  void required(std::string_view, const T&) {
    empty = false;
  }
  template <class T>
  void optional(std::string_view, const T& field) {
    empty = empty && holds_nothing(field);
  }
  template <class T>
  void unless(std::string_view, const T& field, const T& usual) {
    empty = empty && field == usual;
  }
  template <class Body>
  void group(std::string_view, bool written, const Body&) {
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
    if (value) write_value(out, *value);
    else out.null();
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

// ---- whole documents ----

template <class Struct>
Struct read_document(std::string_view text) {
  const Document document(text);
  Struct out;
  read_value(document.root(), out);
  return out;
}
template <class Struct>
std::string write_document(const Struct& value, Style style) {
  Writer out(style);
  write_value(out, value);
  return out.take();
}

}  // namespace caisson::json
